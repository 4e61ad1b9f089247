import keras
import numpy as np
import tensorflow as tf

from keras_nn.explain.activation_methods import enlarge
from keras_nn.explain.attention_maps import attention_model
from keras_nn.explain.attention_rollout import patches_of
from keras_nn.explain.explainer import Explainer


class AttentionRelevance(Explainer):
    """Which patches speak for a class, in a vision transformer.

    `R <- R + mean_h(max(0, dy/dA_l * A_l)) R`,  `R = I` at first

    over the layers: attention weights, as far as the score of the class rises
    with them, multiplied through. It is read off at the class token, or,
    without one, averaged over tokens. Unlike `AttentionRollout` it says for
    which class.

    Args:
        model, output, linear, batch_size: as of `Explainer`.

    Call arguments:
        inputs: pictures `(n, height, width, channels)`.
        targets: as of `Explainer`.

    Returns:
        An `Explanation` with attributions `(n, height, width, 1)`, not
        negative.

    Raises:
        ValueError: if the model has no attention, or none over patches of the
            whole picture (as in windows).

    Example:

    >>> from keras_nn.models import VisionTransformer
    >>> model = VisionTransformer(
    ...     input_shape=(8, 8, 3), patch_size=4, hidden_dim=8, num_layers=2,
    ...     num_heads=2, classes=3,
    ... )
    >>> AttentionRelevance(model)(np.ones((2, 8, 8, 3)), 1).attributions.shape
    (2, 8, 8, 1)

    Reference:
        [Chefer et al., 2021](https://arxiv.org/abs/2103.15679), section 3,
        self-attention
    """

    method = "attention-relevance"
    apart = True

    def attribute(self, flat, targets):
        view = self.scores.view
        model = attention_model(view, with_outputs=True)
        count = len(model.outputs) - len(view.outputs)
        index = count + view.output_index(self.output)
        grid, prefix = patches_of(view.model, model.outputs[:count])
        maps = []
        for start in range(0, len(targets), self.batch_size):
            rows = slice(start, start + self.batch_size)
            part = [tf.convert_to_tensor(x[rows]) for x in flat]
            with tf.GradientTape(watch_accessed_variables=False) as tape:
                tape.watch([x for x in part if x.dtype.is_floating])
                found = keras.tree.flatten(model(part, training=False))
                score = self.scores.of_classes(found[index], targets[rows])
            weights = found[:count]
            slopes = tape.gradient(score, weights, unconnected_gradients="zero")
            relevance = relevance_of(
                [np.asarray(w) for w in weights],
                [np.asarray(s) for s in slopes],
            )
            chosen = relevance[:, 0] if prefix else relevance.mean(axis=1)
            maps.append(chosen[:, prefix:].reshape(-1, *grid))
        large = enlarge(np.concatenate(maps), flat[0].shape)
        return [np.maximum(large, 0)[..., None]], None


def relevance_of(weights, slopes):
    """Attention weighed by gradients, multiplied through the layers.

    Args:
        weights: list of arrays `(n, heads, tokens, tokens)`.
        slopes: list of arrays of the same shapes.

    Returns:
        float array `(n, tokens, tokens)`.
    """
    relevance = np.eye(weights[0].shape[-1])
    for weight, slope in zip(weights, slopes, strict=True):
        rising = np.maximum(weight * slope, 0).astype("float64")
        relevance = relevance + rising.mean(axis=1) @ relevance
    return relevance

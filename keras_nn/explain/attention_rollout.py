import keras
import numpy as np

from keras_nn.explain.activation_methods import enlarge
from keras_nn.explain.attention_maps import attention_model
from keras_nn.explain.attention_maps import rolled_out
from keras_nn.explain.explainer import Explainer
from keras_nn.explain.token_maps import patch_grid


class AttentionRollout(Explainer):
    """Which patches a vision transformer's decision draws on.

    `rollout = prod_l (A_l + I) / 2`: attention weights of all layers, with
    the shortcut round each, multiplied through. It is read off at the class
    token, or, without one, averaged over tokens. It says what flows, not for
    which class: `targets` change nothing.

    Args:
        fusion: str. `"mean"`, `"max"` or `"min"` over heads. Defaults to
            `"mean"`.
        discard: float in [0, 1). Share of the lowest weights of each layer
            that count as 0. Defaults to 0.
        model, output, linear, batch_size: as of `Explainer`.

    Call arguments:
        inputs: pictures `(n, height, width, channels)`.
        targets: as of `Explainer`.

    Returns:
        An `Explanation` with attributions `(n, height, width, 1)`, which sum
        to 1 before they are enlarged.

    Raises:
        ValueError: if the model has no attention, or none over patches of the
            whole picture (as in windows).

    Example:

    >>> from keras_nn.models import VisionTransformer
    >>> model = VisionTransformer(
    ...     input_shape=(8, 8, 3), patch_size=4, hidden_dim=8, num_layers=2,
    ...     num_heads=2, classes=3,
    ... )
    >>> AttentionRollout(model)(np.ones((2, 8, 8, 3))).attributions.shape
    (2, 8, 8, 1)

    Reference:
        [Abnar and Zuidema, 2020](https://arxiv.org/abs/2005.00928)
    """

    method = "attention-rollout"
    apart = True

    def __init__(self, model, fusion="mean", discard=0.0, **kwargs):
        super().__init__(model, **kwargs)
        if fusion not in ("mean", "max", "min"):
            raise ValueError(
                f"`fusion` must be 'mean', 'max' or 'min'. Received: {fusion=}"
            )
        if not 0 <= discard < 1:
            raise ValueError(
                "`discard` must be at least 0 and below 1. "
                f"Received: {discard=}"
            )
        self.fusion = fusion
        self.discard = discard

    def attribute(self, flat, targets):
        view = self.scores.view
        model = attention_model(view)
        grid, prefix = patches_of(view.model, model.outputs)
        maps = []
        for start in range(0, len(targets), self.batch_size):
            part = [x[start : start + self.batch_size] for x in flat]
            outputs = model(part, training=False)
            weights = [np.asarray(w) for w in keras.tree.flatten(outputs)]
            rollout = rolled_out(weights, self.fusion, self.discard)
            rows = rollout[:, 0] if prefix else rollout.mean(axis=1)
            chosen = rows[:, prefix:]
            chosen = chosen / chosen.sum(axis=-1, keepdims=True)
            maps.append(chosen.reshape(-1, *grid))
        picture = flat[0]
        large = enlarge(np.concatenate(maps), picture.shape)
        return [large[..., None]], None


def patches_of(model, weights):
    """Where the patches of a picture are among its tokens.

    Args:
        model: `keras.Model`, that of a view.
        weights: list of Keras tensors `(batch, heads, tokens, tokens)`.

    Returns:
        `(grid, prefix)`: `(rows, columns)` of patches, and the number of
        tokens before the first of them.

    Raises:
        ValueError: unless every layer attends to all patches of the picture.
    """
    shapes = [tuple(t.shape[2:]) for t in weights]
    grid = patch_grid(model)
    patches = 0 if grid is None else grid[0] * grid[1]
    tokens = shapes[0][0]
    if len(set(shapes)) > 1 or not patches or (tokens or 0) < patches:
        raise ValueError(
            "a rollout needs attention over the patches of the whole "
            f"picture in every layer. Received: maps of shapes {shapes}, "
            f"patches of the grid {grid}"
        )
    return grid, tokens - patches

"""The methods of tf-keras-vis, each on a flat model of class scores."""

import keras
import numpy as np
from keras import ops


class ScoredModel(keras.Model):
    """A Functional model of class scores that predicts at once.

    Keras's `predict` traces a graph, which is slow for a handful of pictures,
    and prints a progress bar.
    """

    def predict(self, x, batch_size=32):
        starts = range(0, len(x[0]), batch_size)
        batches = ([a[i : i + batch_size] for a in x] for i in starts)
        scores = [np.asarray(self(b, training=False)) for b in batches]
        return np.concatenate(scores)


def scored_model(view, output=None):
    """The part of a view that leads to the scores of the classes.

    Args:
        view: `FunctionalView` with `linear=True`.
        output: str, int or None. Which output is the classifier.

    Returns:
        A `keras.Model` from the view's inputs to `(n, ..., classes)`. One
        unit `z` becomes two, `(-z / 2, z / 2)`, whose softmax is its sigmoid.
    """
    scores = view.outputs[view.output_index(output)]
    if scores.shape[-1] == 1:
        scores = ops.concatenate([-scores / 2, scores / 2], axis=-1)
    return ScoredModel(view.model.inputs, scores, name="scored")


def gradcam(model, pictures, targets, layer):
    from tf_keras_vis.gradcam import Gradcam

    return _activation_map(Gradcam, model, pictures, targets, layer)


def gradcam_plus_plus(model, pictures, targets, layer):
    from tf_keras_vis.gradcam_plus_plus import GradcamPlusPlus

    return _activation_map(GradcamPlusPlus, model, pictures, targets, layer)


def layercam(model, pictures, targets, layer):
    from tf_keras_vis.layercam import Layercam

    return _activation_map(Layercam, model, pictures, targets, layer)


def scorecam(model, pictures, targets, layer, max_channels=None):
    from tf_keras_vis.scorecam import Scorecam
    from tf_keras_vis.utils.scores import CategoricalScore

    scorecam = Scorecam(model)
    channels = layer.output.shape[-1]
    if max_channels is not None:
        if max_channels < 1:
            raise ValueError(
                f"`max_channels` must be positive. Received: {max_channels=}"
            )
        max_channels = min(max_channels, channels)
    # One picture at a time: each is masked once for every channel.
    maps = [
        scorecam(
            CategoricalScore(target),
            pictures[i : i + 1],
            penultimate_layer=layer,
            seek_penultimate_conv_layer=False,
            max_N=max_channels,
            expand_cam=False,
            normalize_cam=False,
        )
        for i, target in enumerate(targets)
    ]
    return enlarge(np.concatenate(maps), pictures.shape)


def saliency(model, pictures, targets):
    from tf_keras_vis.saliency import Saliency
    from tf_keras_vis.utils.scores import CategoricalScore

    return Saliency(model)(CategoricalScore(targets), pictures)


def smoothgrad(model, pictures, targets, samples=16, noise=0.2, seed=0):
    from tf_keras_vis.saliency import Saliency
    from tf_keras_vis.utils.scores import CategoricalScore

    if samples < 1:
        raise ValueError(f"`samples` must be positive. Received: {samples=}")
    # tf-keras-vis draws from NumPy's global generator.
    state = np.random.get_state()
    np.random.seed(seed)
    try:
        return Saliency(model)(
            CategoricalScore(targets),
            pictures,
            smooth_samples=samples,
            smooth_noise=noise,
        )
    finally:
        np.random.set_state(state)


METHODS = {
    "gradcam": gradcam,
    "gradcam++": gradcam_plus_plus,
    "scorecam": scorecam,
    "layercam": layercam,
    "saliency": saliency,
    "smoothgrad": smoothgrad,
}


def _activation_map(method, model, pictures, targets, layer):
    import tensorflow as tf
    from tf_keras_vis.utils.scores import CategoricalScore

    def score(outputs):
        # Grad-CAM++ takes the exponential of the score, which overflows;
        # a constant that is taken off leaves every map as it is.
        values = CategoricalScore(targets)(outputs)
        return values - tf.stop_gradient(values)

    maps = method(model)(
        score,
        pictures,
        penultimate_layer=layer,
        seek_penultimate_conv_layer=False,
        expand_cam=False,
        normalize_cam=False,
        unconnected_gradients=tf.UnconnectedGradients.ZERO,
    )
    return enlarge(np.asarray(maps), pictures.shape)


def enlarge(maps, shape):
    """Maps at the resolution of the pictures, bilinear as tf-keras-vis."""
    from scipy.ndimage import zoom

    factors = [
        to / of for to, of in zip(shape[1:-1], maps.shape[1:], strict=True)
    ]
    return zoom(maps.astype("float32"), (1, *factors), order=1)

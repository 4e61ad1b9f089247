import keras
import numpy as np

from keras_nn.explain.activation_methods import METHODS
from keras_nn.explain.activation_methods import scored_model
from keras_nn.explain.functional_view import FunctionalView
from keras_nn.explain.token_maps import last_map


def class_activation(
    model,
    inputs,
    targets=None,
    method="gradcam",
    output=None,
    layer=None,
    **options,
):
    """Where in a picture a classifier sees a class.

    Grad-CAM, for class score `y` and features `A` of the last convolution:

    `map = relu(sum_k mean_ij(dy / dA_kij) * A_k)`

    Grad-CAM++ and Layer-CAM weigh positions as well as channels, Score-CAM
    weighs a channel by the score of the picture masked with it. Saliency is
    `max_c |dy / dx|`, and SmoothGrad its mean over noisy copies of the
    picture. `y` is the logit: a softmax or sigmoid that ends the model is
    left out.

    Args:
        model: any built `keras.Model`: Functional, Sequential, subclassed,
            nested, with several inputs and outputs, in half precision, from a
            strategy's scope; it is not changed. Or a `FunctionalView` of it
            with `linear=True, hold_side_inputs=True`, which saves building
            one with each call.
        inputs: array `(n, *positions, channels)`, or the structure of
            arrays that the model takes. Of several inputs the first with
            positions is explained, the others are held.
        targets: int, or int array `(n,)`: the class to explain in each
            picture. None means the predicted class. Of one output unit, 1 is
            its class and 0 is the other one.
        method: str. One of `"gradcam"`, `"gradcam++"`, `"scorecam"`,
            `"layercam"`, `"saliency"`, `"smoothgrad"`. Defaults to
            `"gradcam"`.
        output: str or int. Which of the model's outputs is the classifier.
            Defaults to None, for a model with one.
        layer: str. Name of the layer (of the view) whose output a class
            activation map reads. Defaults to the last convolution; in a
            vision transformer, to the patches that the last attention reads,
            at their places, or the map that it makes.
        **options: `max_channels` of `"scorecam"` (int, the channels that vary
            most; None for all, the default); `samples` (int, default 16) and
            `noise` (float, share of the range of values, default 0.2) of
            `"smoothgrad"`.

    Returns:
        float32 array `(n, *positions)` in [0, 1], each map scaled to its own
        lowest and highest value; all 0 where the map is constant.

    Raises:
        ValueError: If the model has no convolution and the method needs one,
            or an argument is none of those listed.

    Example:

    >>> model = keras.Sequential([
    ...     keras.Input((8, 8, 1)),
    ...     keras.layers.Conv2D(4, 3),
    ...     keras.layers.GlobalAveragePooling2D(),
    ...     keras.layers.Dense(3, activation="softmax"),
    ... ])
    >>> class_activation(model, np.ones((2, 8, 8, 1)), targets=[0, 2]).shape
    (2, 8, 8)

    References:
        [Grad-CAM](https://arxiv.org/abs/1610.02391),
        [Grad-CAM++](https://arxiv.org/abs/1710.11063),
        [Score-CAM](https://arxiv.org/abs/1910.01279),
        [Layer-CAM](https://ieeexplore.ieee.org/document/9462463),
        [Saliency](https://arxiv.org/abs/1312.6034),
        [SmoothGrad](https://arxiv.org/abs/1706.03825); computed by
        [tf-keras-vis](https://github.com/keisen/tf-keras-vis).
    """
    if method not in METHODS:
        raise ValueError(
            f"`method` must be one of {list(METHODS)}. Received: {method!r}"
        )
    view = _view(model, inputs)
    flat = view.flat_inputs(inputs)
    pictures = view.picture(flat)
    if pictures.ndim < 3:
        raise ValueError(
            "there must be an input with positions and channels. Received: "
            f"an input of shape {pictures.shape}"
        )
    scored = view.remember(("scored", output), scored_model, view, output)
    if method not in ("saliency", "smoothgrad"):
        if layer is None:
            key = ("last map", output)
            scored, options["layer"] = view.remember(key, last_map, scored)
        else:
            options["layer"] = scored.get_layer(layer)
    # One by one where each picture has side inputs of its own.
    size = len(pictures)
    step = 1 if view.holds else size
    maps = []
    for start in range(0, size, step):
        part = slice(start, start + step)
        view.hold(flat, start)
        if targets is None:
            scores = np.asarray(scored([pictures[part]], training=False))
            classes = scores.reshape(len(scores), -1, scores.shape[-1])
            chosen = classes.mean(axis=1).argmax(axis=1)
        else:
            chosen = np.broadcast_to(targets, (size,))[part]
        chosen = [int(target) for target in chosen]
        maps.append(METHODS[method](scored, pictures[part], chosen, **options))
    return _between_zero_and_one(np.concatenate(maps))


def _view(model, inputs):
    if isinstance(model, FunctionalView):
        if not model.linear:
            raise ValueError(
                "a view to explain a class with must be made with "
                "`linear=True`. Received: linear=False"
            )
        return model
    if not model.built:
        model(keras.tree.map_structure(lambda x: x[:1], inputs))
    return FunctionalView(model, inputs, linear=True, hold_side_inputs=True)


def _between_zero_and_one(maps):
    axes = tuple(range(1, maps.ndim))
    low = maps.min(axis=axes, keepdims=True)
    height = maps.max(axis=axes, keepdims=True) - low
    scaled = (maps - low) / np.where(height > 0, height, 1)
    return scaled.astype("float32")

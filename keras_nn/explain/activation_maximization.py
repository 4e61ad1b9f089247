import numpy as np

from keras_nn.explain.explainer import require_positive
from keras_nn.explain.picture_units import PictureUnits

LEVELS = 255.0  # of the pictures that tf-keras-vis chose its weights for


def activation_maximization(
    model,
    units,
    layer=None,
    output=None,
    value_range=(0, 255),
    size=None,
    steps=200,
    learning_rate=1.0,
    variation_weight=1.0,
    norm_weight=0.3,
    jitter=4,
    degree=1.0,
    seed=0,
):
    """Pictures that excite a unit the most, as tf-keras-vis finds them.

    `max_x y(turn(shift(x))) - w_v V(x) - w_n mean |x|`

    by RMSprop on the pixels, `V` the total variation of a picture over its
    numbers. `FeatureVisualization` is this suite's own: in one compiled loop,
    and on waves in place of pixels.

    Args:
        model: any built `keras.Model` with one input of pictures: Functional,
            Sequential, subclassed, nested, in half precision; it is not
            changed.
        units: int, or list of int: channels of the layer, or classes.
        layer: str or None. Whose channels are looked at; None means the
            output's logits, class by class. Defaults to None.
        output: str, int or None. Of a model with several outputs.
        value_range: pair of numbers, of the model's pictures; rates and
            weights are those of 255 grey levels. Defaults to `(0, 255)`.
        size: tuple `(height, width)` or None: that of the model's input.
        steps: int. Defaults to 200.
        learning_rate: float, in grey levels. Defaults to 1.
        variation_weight: float. `w_v`. Defaults to 1.
        norm_weight: float. `w_n`. Defaults to 0.3.
        jitter: int. The farthest shift in a step, in pixels. Defaults to 4.
        degree: float. The farthest turn in a step. Defaults to 1.
        seed: int. Of the start, the shifts and the turns. Defaults to 0.

    Returns:
        float32 array `(units, height, width, channels)` within the range.

    Raises:
        ValueError: on a layer, a unit or an argument that there is not.

    Example:

    >>> import keras
    >>> model = keras.Sequential([
    ...     keras.Input((8, 8, 3)), keras.layers.Conv2D(4, 3, name="conv"),
    ... ])
    >>> activation_maximization(model, [0, 3], "conv", steps=2).shape
    (2, 8, 8, 3)

    Reference:
        [Simonyan et al., 2014](https://arxiv.org/abs/1312.6034), section 2;
        computed by [tf-keras-vis](https://github.com/keisen/tf-keras-vis).
    """
    require_positive(steps=steps)
    low, high = value_range
    if not low < high or jitter < 0 or degree < 0:
        raise ValueError(
            "`value_range` must rise, `jitter` and `degree` not be negative. "
            f"Received: {value_range=}, {jitter=}, {degree=}"
        )
    looked_at = PictureUnits(model, layer, output, size)
    units = looked_at.chosen(units)
    level = (high - low) / LEVELS
    random = np.random.default_rng(seed)
    start = random.uniform(low, high, (len(units), *looked_at.shape))
    # tf-keras-vis draws shifts from NumPy's global generator.
    state = np.random.get_state()
    np.random.seed(seed)
    try:
        return _maximized(
            looked_at,
            units,
            start.astype("float32"),
            steps=steps,
            input_range=(low, high),
            rate=learning_rate * level,
            weights=(variation_weight / level, norm_weight / level),
            moves=_moves(jitter, degree, random),
        )
    finally:
        np.random.set_state(state)


def _moves(jitter, degree, random):
    from tf_keras_vis.activation_maximization import input_modifiers

    moves = []
    if jitter:
        moves.append(input_modifiers.Jitter(jitter))
    if degree:
        turn = input_modifiers.Rotate2D(degree)
        turn.random_generator = random
        moves.append(turn)
    return moves


def _maximized(
    looked_at, units, start, steps, input_range, rate, weights, moves
):
    import tensorflow as tf
    from tf_keras_vis.activation_maximization import ActivationMaximization
    from tf_keras_vis.activation_maximization import regularizers

    variation_weight, norm_weight = weights
    found = ActivationMaximization(looked_at.model)(
        lambda outputs: looked_at.of_outputs(outputs, units),
        start,
        input_range=input_range,
        input_modifiers=moves,
        regularizers=[
            regularizers.TotalVariation2D(variation_weight),
            regularizers.Norm(norm_weight, p=1),
        ],
        steps=steps,
        optimizer=tf.keras.optimizers.RMSprop(rate, 0.999),
    )
    return np.asarray(found, "float32")

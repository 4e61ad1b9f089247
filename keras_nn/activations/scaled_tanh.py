import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
def scaled_tanh(x):
    """The squashing function of LeNet: it maps 1 to 1 and -1 to -1.

    `y = 1.7159 * tanh(2 / 3 * x)`

    Its second derivative is largest at plus and minus one, so targets of
    plus and minus one are reached without saturation.

    Args:
        x: float tensor of any shape.

    Returns:
        A tensor of the shape and type of `x`, in -1.7159..1.7159.

    Example:

    >>> round(float(scaled_tanh(ops.ones(()))), 3)
    1.0

    Reference:
        [LeCun et al., 1998](http://yann.lecun.com/exdb/publis/pdf/lecun-98.pdf),
        appendix A.
    """
    return 1.7159 * ops.tanh(ops.convert_to_tensor(x) * (2.0 / 3.0))

import keras
from keras import ops


def example_losses(loss, x, reconstructed):
    """The loss of each reconstruction: a float32 tensor `(batch,)`.

    Args:
        loss: str or `keras.losses.Loss`: what it leaves of an example is
            averaged.
        x: float tensor `(batch, ...)`.
        reconstructed: tensor of what the loss takes.

    Example:

    >>> from keras import ops
    >>> float(example_losses("mse", ops.zeros((1, 2)), ops.ones((1, 2)))[0])
    1.0
    """
    loss = keras.losses.get(loss)
    said = ops.cast(reconstructed, "float32")
    function = loss.call if isinstance(loss, keras.losses.Loss) else loss
    values = function(x, said)
    return ops.mean(ops.reshape(values, (ops.shape(values)[0], -1)), axis=-1)

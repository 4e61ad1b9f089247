import keras


class DrawnSeed(keras.random.SeedGenerator):
    """A seed that is a tensor, for `keras.random` inside a compiled loop.

    Args:
        value: integer tensor `(2,)`.

    Example:

    >>> from keras import ops
    >>> seed = DrawnSeed(ops.convert_to_tensor([1, 2], "uint32"))
    >>> first, again = (keras.random.normal((3,), seed=seed) for _ in "ab")
    >>> bool(ops.all(first == again))
    True
    """

    def __init__(self, value):
        # No state of its own, which a loop could not make.
        self.value = value

    def next(self, ordered=True):
        return self.value

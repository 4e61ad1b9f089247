import keras
import numpy as np


class HeadedPlace:
    """Where a matrix of theirs lies in a variable with an axis for heads.

    `keras.layers.MultiHeadAttention` keeps kernels `(features, heads, size)`
    of queries, keys and values, `(heads, size, features)` of what follows;
    torch keeps `(heads * size, features)` and `(features, heads * size)`.

    Args:
        variable: `keras.Variable` of such a layer, kernel or bias.

    Example:

    >>> layer = keras.layers.MultiHeadAttention(2, 3)
    >>> layer.build((1, 4, 5), (1, 4, 5))
    >>> HeadedPlace(layer.query_dense.kernel).pack().shape
    (6, 5)
    >>> HeadedPlace(layer.output_dense.kernel).shape
    (5, 6)
    """

    def __init__(self, variable):
        self.variable = variable
        shape = tuple(variable.shape)
        if not variable.path.endswith("kernel"):
            self.joined = (int(np.prod(shape)),)
        elif "attention_output" in variable.path:
            self.joined = (int(np.prod(shape[:-1])), shape[-1])
        else:
            self.joined = (shape[0], int(np.prod(shape[1:])))

    @property
    def shape(self):
        """Of the tensor of theirs: tuple of int."""
        return self.joined[::-1]

    def pack(self):
        """The tensor of theirs: array."""
        value = keras.ops.convert_to_numpy(self.variable)
        return np.ascontiguousarray(value.reshape(self.joined).T)

    def split(self, tensor):
        """Pairs of a variable and its value, or None if they do not fit.

        Args:
            tensor: array, one of theirs.
        """
        if tensor.shape != self.shape:
            return None
        return [(self.variable, tensor.T.reshape(self.variable.shape))]

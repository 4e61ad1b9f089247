import keras
import numpy as np


class TensorPlace:
    """Where the numbers of one tensor of theirs lie among variables of ours.

    `theirs = rows of nothing, then join(turn(variable) / scale)`

    Args:
        turned: bool. Whether theirs holds the transpose of each variable, as
            torch's linear layers do.
        axis: int. Along which the parts of several variables are joined.
        scale: float. Ours is so many times theirs.
        skipped: int. First rows of theirs that no output depends on.
        middle: bool. Whether theirs has a further axis, of one, behind the
            first, as torch's depthwise convolutions do.

    Example:

    >>> kernel = keras.Variable(np.arange(6.0).reshape(2, 3))
    >>> place = TensorPlace(turned=True).holding(kernel)
    >>> place.pack().shape
    (3, 2)
    >>> (variable, value), = place.split(np.ones((3, 2)))
    >>> value.shape
    (2, 3)
    """

    def __init__(
        self, turned=False, axis=0, scale=1.0, skipped=0, middle=False
    ):
        self.variables = []
        self.turned = turned
        self.axis = axis
        self.scale = scale
        self.skipped = skipped
        self.middle = middle

    def holding(self, variable):
        """The place itself, with one more variable."""
        self.variables.append(variable)
        return self

    def pack(self):
        """The tensor of theirs: array."""
        parts = []
        for variable in self.variables:
            value = keras.ops.convert_to_numpy(variable)
            if self.scale != 1:
                value = value / np.asarray(self.scale, value.dtype)
            parts.append(value.T if self.turned else value)
        whole = np.concatenate(parts, self.axis) if parts[1:] else parts[0]
        if self.skipped:
            nothing = np.zeros((self.skipped, *whole.shape[1:]), whole.dtype)
            whole = np.concatenate([nothing, whole])
        return np.ascontiguousarray(whole[:, None] if self.middle else whole)

    def split(self, tensor):
        """Pairs of a variable and its value, or None if they do not fit.

        Args:
            tensor: array, one of theirs.
        """
        if tensor.shape != self.shape:
            return None
        tensor = tensor[:, 0] if self.middle else tensor
        tensor = tensor[self.skipped :] * np.asarray(self.scale, tensor.dtype)
        ends = np.cumsum([self._part(v)[self.axis] for v in self.variables])
        parts = np.split(tensor, ends[:-1], self.axis)
        return [
            (variable, part.T if self.turned else part)
            for variable, part in zip(self.variables, parts, strict=True)
        ]

    @property
    def shape(self):
        """Of the tensor of theirs: tuple of int."""
        shape = self._part(self.variables[0])
        shape[self.axis] = self.skipped + sum(
            self._part(variable)[self.axis] for variable in self.variables
        )
        return (shape[0], 1, *shape[1:]) if self.middle else tuple(shape)

    def _part(self, variable):
        shape = list(variable.shape)
        return shape[::-1] if self.turned else shape

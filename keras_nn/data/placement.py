import dataclasses

import numpy as np

PADDING = 114  # the grey that published detectors are trained with


@dataclasses.dataclass(frozen=True)
class Placement:
    """Where a picture lies in a frame of another size that it is scaled to.

    `x' = x w' / w + left, y' = y h' / h + top`, for a picture of `h` rows and
    `w` columns that becomes one of `h'` and `w'`

    Either it fills the frame, distorted, or it keeps its proportions: as
    large as fits, in the middle ("letterbox"); what remains is padding.

    Args:
        size: tuple `(height, width)` of the picture, in pixels.
        frame: tuple `(height, width)` of what it is scaled to.
        keep_aspect_ratio: bool. Whether it keeps its proportions. Defaults to
            False.

    Raises:
        ValueError: if a side is not positive.

    Example:

    >>> placement = Placement((10, 40), (20, 20), keep_aspect_ratio=True)
    >>> placement.inner, placement.offset
    ((5, 20), (7, 0))
    >>> placement.boxes([[0, 0, 40, 10]]).tolist()
    [[0.0, 7.0, 20.0, 12.0]]
    """

    size: tuple[int, int]
    frame: tuple[int, int]
    keep_aspect_ratio: bool = False

    def __post_init__(self):
        if min(*self.size, *self.frame) < 1:
            raise ValueError(
                "`size` and `frame` must be (height, width) in pixels. "
                f"Received: size={self.size}, frame={self.frame}"
            )

    @property
    def inner(self):
        """Tuple `(height, width)` of the scaled picture, whole pixels."""
        if not self.keep_aspect_ratio:
            return tuple(self.frame)
        scale = min(f / s for f, s in zip(self.frame, self.size, strict=True))
        return tuple(
            min(max(round(side * scale), 1), limit)
            for side, limit in zip(self.size, self.frame, strict=True)
        )

    @property
    def offset(self):
        """Tuple `(top, left)`: rows and columns of padding before it."""
        return tuple(
            (limit - side) // 2
            for limit, side in zip(self.frame, self.inner, strict=True)
        )

    def boxes(self, boxes):
        """Boxes in the picture, as they lie in the frame: float64 array.

        Args:
            boxes: array `(..., 4)` of `(x_min, y_min, x_max, y_max)`, in
                pixels of the picture.
        """
        return np.asarray(boxes, "float64") * self._scale() + self._shift()

    def undo(self, boxes):
        """Boxes in the frame, as they lie in the picture: float64 array.

        They are cut off at the picture's margin.

        Args:
            boxes: array `(..., 4)` of corners, in pixels of the frame.
        """
        found = (np.asarray(boxes, "float64") - self._shift()) / self._scale()
        height, width = self.size
        return found.clip(0, [width, height, width, height])

    def pad(self, picture):
        """A scaled picture with its padding: array of the frame's size.

        Args:
            picture: array `(*inner, channels)`.
        """
        if self.inner == tuple(self.frame):
            return picture
        (height, width), (top, left) = self.inner, self.offset
        padded = np.full(
            (*self.frame, picture.shape[-1]), PADDING, picture.dtype
        )
        padded[top : top + height, left : left + width] = picture
        return padded

    def _scale(self):
        rows, columns = np.divide(self.inner, self.size)
        return np.array([columns, rows] * 2)

    def _shift(self):
        top, left = self.offset
        return np.array([left, top] * 2)

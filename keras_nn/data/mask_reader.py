import dataclasses

import numpy as np

IGNORED = 255  # the index of places that do not count, as in Pascal VOC


@dataclasses.dataclass(frozen=True)
class MaskReader:
    """Reads a mask file into class indices, the same way at every use.

    A palette or grey file holds the indices themselves, 255 for places that
    do not count; one of two classes may hold 0 and 255 in place of 0 and 1.
    A file in colour is translated by `colours`. Scaled to the nearest pixel.

    Args:
        num_classes: int. Indices from there on are refused, but for 255.
        image_size: optional tuple `(height, width)` in pixels. By default as
            in the file.
        colours: optional tuple, one `(red, green, blue)` a class, of files in
            colour.
        ignored: tuple of colours of places that do not count.

    Call arguments:
        path: str.

    Returns:
        A uint8 array of shape `(height, width)`.

    Raises:
        ValueError: If a file cannot be read or holds a class that is not
            known; the text names the file.

    Example:

    >>> MaskReader(3, (32, 48)).num_classes
    3
    """

    num_classes: int
    image_size: tuple[int, int] | None = None
    colours: tuple | None = None
    ignored: tuple = ()

    def __post_init__(self):
        if not 2 <= self.num_classes <= IGNORED:
            raise ValueError(
                f"`num_classes` must lie between 2 and {IGNORED}. Received: "
                f"num_classes={self.num_classes}"
            )

    def __call__(self, path):
        values = read_values(path)
        if values.ndim == 3:
            values = self._by_colour(values, path)
        elif self.num_classes == 2 and is_black_and_white(values):
            values = values // 255
        found = np.unique(values)
        unknown = found[(found >= self.num_classes) & (found != IGNORED)]
        if len(unknown):
            raise ValueError(
                f"Masks hold classes below {self.num_classes}, and {IGNORED} "
                f"for places that do not count. Received: class {unknown[0]} "
                f"in {path}"
            )
        return resized(values, self.image_size)

    def _by_colour(self, values, path):
        if self.colours is None:
            raise ValueError(
                "A mask in colour needs a colour for each class; in a folder "
                "the file classes.txt names them (`road 128 64 128`). "
                f"Received: {path}"
            )
        codes = values.astype("int64") @ (1 << 16, 1 << 8, 1)
        found = np.full(values.shape[:2], -1)
        known = [
            *enumerate(self.colours),
            *((IGNORED, c) for c in self.ignored),
        ]
        for index, (red, green, blue) in known:
            found[codes == (red << 16) + (green << 8) + blue] = index
        if (found < 0).any():
            y, x = np.argwhere(found < 0)[0]
            raise ValueError(
                "Every colour of a mask must belong to a class. Received: "
                f"{tuple(values[y, x].tolist())} at row {y}, column {x} of "
                f"{path}"
            )
        return found.astype("uint8")


def read_values(path):
    """Indices `(height, width)` or colours `(height, width, 3)`: uint8."""
    from PIL import Image

    try:
        with Image.open(path) as file:
            if file.mode in ("RGB", "RGBA", "CMYK", "YCbCr"):
                return np.asarray(file.convert("RGB"))
            if file.mode == "LA":
                return np.asarray(file.convert("L"))
            values = np.asarray(file)
    except Exception as error:  # PIL's plugins raise nearly anything
        raise ValueError(
            f"Not a readable mask ({error}). Received: {path}"
        ) from error
    if values.ndim != 2 or values.min() < 0 or values.max() > 255:
        raise ValueError(
            "A mask holds indices from 0 to 255. Received: mode "
            f"{file.mode} in {path}"
        )
    return values.astype("uint8")


def is_black_and_white(values):
    """Whether 255 occurs and nothing but it and 0."""
    return bool(((values == 0) | (values == 255)).all() and values.any())


def resized(values, image_size):
    """Class indices at another size, each pixel the nearest one's."""
    from PIL import Image

    if image_size is None or values.shape == tuple(image_size):
        return values
    image = Image.fromarray(values)
    height, width = image_size
    return np.asarray(image.resize((width, height), Image.Resampling.NEAREST))

"""What can be told of many picture files without decoding them."""

import dataclasses
import os
from concurrent.futures import ThreadPoolExecutor

from keras_nn.data.decoded import cpu_count
from keras_nn.data.image_reader import ORIENTATION
from keras_nn.data.image_reader import SIDEWAYS
from keras_nn.data.image_reader import refuse_guesses

GREY_MODES = ("1", "L", "LA", "La")


@dataclasses.dataclass(frozen=True)
class Picture:
    """The header of a picture file, or why it cannot be read.

    Args:
        path: str.
        size: tuple `(height, width)` in pixels, as it is looked at.
        is_grey: bool. Whether it is stored without colour.
        defect: str, or `None` for a picture that can be read.
    """

    path: str
    size: tuple[int, int] | None = None
    is_grey: bool = False
    defect: str | None = None


def check_pictures(paths):
    """The headers of picture files, several read at a time, in order.

    A PNG is verified by its checksums. A JPEG has none: one that lacks its
    end mark is decoded to see. Other formats, seldom found in number, are
    decoded.

    Args:
        paths: list of str.

    Returns:
        A list of `Picture`.

    Example:

    >>> print(check_pictures(["no/such.jpg"])[0].defect)
    FileNotFoundError: [Errno 2] No such file or directory: 'no/such.jpg'
    """
    with ThreadPoolExecutor(2 * cpu_count()) as pool:
        return list(pool.map(check_picture, paths))


def check_picture(path):
    """The header of one picture file."""
    from PIL import Image

    try:
        with Image.open(path) as file:
            refuse_guesses(file)
            # Without this chunk PIL would decode a PNG to look for it.
            has_exif = file.format != "PNG" or "exif" in file.info
            turned = has_exif and file.getexif().get(ORIENTATION) in SIDEWAYS
            height_width = file.size if turned else file.size[::-1]
            is_grey = file.mode in GREY_MODES or file.mode.startswith("I")
            if file.format == "PNG":
                file.verify()
            elif file.format != "JPEG" or not has_end_mark(path):
                file.load()
    except Exception as error:  # PIL's plugins raise nearly anything
        return Picture(path, defect=f"{type(error).__name__}: {error}")
    return Picture(path, height_width, is_grey)


def has_end_mark(path):
    """Whether a JPEG file has its end mark among its last 4,096 bytes."""
    with open(path, "rb") as stream:
        stream.seek(max(0, os.path.getsize(path) - 4096))
        return b"\xff\xd9" in stream.read()

import dataclasses

import numpy as np

from keras_nn.data.image_reader import CHANNELS
from keras_nn.data.image_reader import ImageReader


@dataclasses.dataclass(frozen=True)
class PairReader:
    """Reads two picture files, or both halves of one, by their number.

    Args:
        pairs: tuple of pairs, each of an input and a target `(path, size)`,
            `size` being `(height, width)` of the file in pixels. A target of
            None is the other half of the input's file, its right one.
        image_size: tuple `(height, width)` of what is read, in pixels.
        color_modes: pair of str, `"rgb"` or `"grayscale"`, of inputs and
            targets.
        swapped: bool. Whether right halves are the inputs. Defaults to False.

    Call arguments:
        index: int. Which pair.

    Returns:
        A dict of uint8 arrays `(height, width, channels)`, `"inputs"` and
        `"targets"`.

    Raises:
        ValueError: If a picture cannot be read; the text names the file.

    Example:

    >>> PairReader((), (4, 6), ("grayscale", "rgb")).shape
    {'inputs': (4, 6, 1), 'targets': (4, 6, 3)}
    """

    pairs: tuple
    image_size: tuple[int, int]
    color_modes: tuple[str, str] = ("rgb", "rgb")
    swapped: bool = False

    @property
    def shape(self):
        return {
            side: (*self.image_size, CHANNELS[mode])
            for side, mode in zip(SIDES, self.color_modes, strict=True)
        }

    @property
    def dtype(self):
        return dict.fromkeys(SIDES, "uint8")

    def __call__(self, index):
        first, second = self.pairs[int(index)]
        if second is not None:
            pictures = [
                ImageReader(self.image_size, mode)(path)
                for mode, (path, _) in zip(
                    self.color_modes, (first, second), strict=True
                )
            ]
            return dict(zip(SIDES, pictures, strict=True))
        path, (height, width) = first
        mode = self.color_modes[0]
        whole = ImageReader((height, width), mode)(path)
        halves = [whole[:, : width // 2], whole[:, width // 2 :]]
        halves = [_scaled(half, self.image_size) for half in halves]
        return dict(
            zip(SIDES, halves[:: -1 if self.swapped else 1], strict=True)
        )


SIDES = ("inputs", "targets")


def _scaled(picture, image_size):
    """A picture at another size, with the filter of `ImageReader`."""
    from PIL import Image

    if picture.shape[:2] == tuple(image_size):
        return picture
    channels = picture.shape[-1]
    image = Image.fromarray(picture[..., 0] if channels == 1 else picture)
    image = image.resize(image_size[::-1], Image.Resampling.BILINEAR)
    return np.asarray(image).reshape(*image_size, channels)

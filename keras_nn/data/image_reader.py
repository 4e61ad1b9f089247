import dataclasses

import numpy as np

from keras_nn.data.placement import Placement

EXTENSIONS = tuple(
    ".bmp .gif .jfif .jpeg .jpg .pgm .png .ppm .tif .tiff .webp".split()
)
# Codes of the EXIF orientation that swap height and width.
ORIENTATION, SIDEWAYS = 0x0112, (5, 6, 7, 8)
CHANNELS = {"grayscale": 1, "rgb": 3}


@dataclasses.dataclass(frozen=True)
class ImageReader:
    """Reads a picture file into an array, the same way at every use.

    Turned as its EXIF tag says, transparent parts shown on white, 16 bits
    reduced to 8, an animation by its first frame, scaled with an antialiasing
    bilinear filter. A TIFF of several pages or of floats is refused: which
    page, and which range, cannot be guessed. PIL reads: it runs in threads as
    well, and unlike `tf.io` it says what is wrong with a file and knows EXIF.

    Args:
        image_size: tuple `(height, width)` in pixels.
        color_mode: str. `"rgb"` or `"grayscale"`.
        crop_to_aspect_ratio: bool. Whether to cut off what does not fit the
            aspect ratio, at the centre, in place of distorting.
        pad_to_aspect_ratio: bool. Whether to fill up with grey what the
            picture leaves free, in the middle, in place of distorting.

    Call arguments:
        path: str.

    Returns:
        A uint8 array of shape `(height, width, channels)`.

    Raises:
        ValueError: If a picture cannot be read; the text names the file.

    Example:

    >>> ImageReader((32, 48)).shape
    (32, 48, 3)
    """

    image_size: tuple[int, int]
    color_mode: str = "rgb"
    crop_to_aspect_ratio: bool = False
    pad_to_aspect_ratio: bool = False

    def __post_init__(self):
        if len(self.image_size) != 2 or min(self.image_size) < 1:
            raise ValueError(
                "`image_size` must be `(height, width)` in pixels. Received: "
                f"image_size={self.image_size}"
            )
        if self.color_mode not in CHANNELS:
            raise ValueError(
                f"`color_mode` must be one of {', '.join(CHANNELS)}. "
                f"Received: color_mode={self.color_mode!r}"
            )
        if self.crop_to_aspect_ratio and self.pad_to_aspect_ratio:
            raise ValueError(
                "A picture is cropped or padded, not both. Received: "
                "crop_to_aspect_ratio=True, pad_to_aspect_ratio=True"
            )

    @property
    def shape(self):
        return (*self.image_size, CHANNELS[self.color_mode])

    @property
    def dtype(self):
        return "uint8"

    def __call__(self, path):
        return self.read(path, path)

    def encoded(self, path):
        """The bytes of a picture file."""
        with open(path, "rb") as file:
            return file.read()

    def read(self, source, name):
        """The picture in a path or in an open file, called `name` in errors."""
        from PIL import Image
        from PIL import ImageOps

        height, width = self.image_size
        try:
            with Image.open(source) as file:
                refuse_guesses(file)
                turned = file.getexif().get(ORIENTATION) in SIDEWAYS
                size = file.size if turned else file.size[::-1]
                # A large JPEG is decoded at a half, a quarter or an eighth of
                # its size, which takes a fraction of the time.
                file.draft(None, (max(width, height),) * 2)
                ImageOps.exif_transpose(file, in_place=True)
                picture = flattened(file, self.color_mode)
        except Exception as error:  # PIL's plugins raise nearly anything
            raise ValueError(
                f"Not a readable picture ({error}). Received: {name}"
            ) from error
        if self.crop_to_aspect_ratio:
            picture = ImageOps.fit(
                picture, (width, height), Image.Resampling.BILINEAR
            )
            return np.asarray(picture).reshape(self.shape)
        # By the size in the file, as boxes are: that of a draft is rounded.
        placement = Placement(size, self.image_size, self.pad_to_aspect_ratio)
        height, width = placement.inner
        if picture.size != (width, height):
            picture = picture.resize((width, height), Image.Resampling.BILINEAR)
        inner = np.asarray(picture).reshape(height, width, self.shape[-1])
        return placement.pad(inner)


def refuse_guesses(file):
    """Raises on an opened file that is no one picture of whole numbers."""
    pages = getattr(file, "n_frames", 1) if file.format == "TIFF" else 1
    if pages > 1:
        raise ValueError(f"a TIFF of {pages} pages, expected one a file")
    if file.mode == "F":
        raise ValueError("values are floats, expected 8 or 16 bits")


def flattened(picture, color_mode):
    """An opaque 8-bit PIL picture in grey or in colour."""
    from PIL import Image

    if picture.mode.startswith("I"):  # 16 bits, which PIL would cut off
        picture = Image.fromarray(
            (np.asarray(picture) / 257 + 0.5).clip(0, 255).astype("uint8")
        )
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture)
    return picture.convert("L" if color_mode == "grayscale" else "RGB")

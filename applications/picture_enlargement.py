from pathlib import Path

import numpy as np
from keras import ops

from keras_nn import metrics
from keras_nn.applications.enlarged_tiles import enlarge_in_tiles
from keras_nn.applications.picture_files import picture_files
from keras_nn.applications.picture_masks import read_picture
from keras_nn.data.displayable import displayable
from keras_nn.data.reduced import reduced
from keras_nn.metrics.generative.on_luminance import compared
from keras_nn.ops.bicubic import bicubic_upscale

_COLOR_MODES = {1: "grayscale", 3: "rgb"}


class PictureEnlargement:
    """What an application that enlarges does with pictures and files.

    A mixin for a `keras.Model` from small pictures to pictures `scale` times
    as large, both of 0 to 255.
    """

    writes_files = True

    def enlarge(self, images, tile=192):
        """Enlarges pictures of any size.

        Args:
            images: array `(n, height, width, channels)`, or a list of arrays
                `(height, width, channels)`; 0 to 255.
            tile: int. Side, in pixels of the small picture, of the parts in
                which larger pictures are enlarged. Defaults to 192.

        Returns:
            A list of uint8 arrays `(scale * height, scale * width, channels)`.

        Raises:
            ValueError: if a picture has other channels.
        """
        found = []
        for image in images:
            image = np.asarray(image)
            if image.ndim != 3 or image.shape[-1] != self.input_shape[-1]:
                raise ValueError(
                    f"The network takes pictures of {self.input_shape[-1]} "
                    f"channels. Received: shape {image.shape}"
                )
            large = enlarge_in_tiles(
                self.predict_on_batch, image, self.scale, tile
            )
            found.append(np.rint(np.clip(large, 0, 255)).astype("uint8"))
        return found

    def compare(self, images):
        """Reduces pictures, enlarges them again, and measures what is lost.

        Args:
            images: list of uint8 arrays `(height, width, channels)` of any
                size; what the scale does not divide is cut off.

        Returns:
            A list of dicts: `psnr` in decibel and `ssim`, of the brightness
            and without margins, and `bicubic_psnr` and `bicubic_ssim` of
            bicubic interpolation.
        """
        rows = []
        for image in images:
            height, width = (s - s % self.scale for s in image.shape[:2])
            truth = np.asarray(image)[None, :height, :width]
            small = reduced(truth, self.scale)
            ours, theirs = self.enlarge(small)[0], self._bicubic(small)[0]
            rows.append(
                {
                    **self._scores(truth, ours, ""),
                    **self._scores(truth, theirs, "bicubic_"),
                }
            )
        return rows

    def comparison(self, x, y):
        """Rows of bicubic, ours and truth, for `PictureComparison`.

        Shown is the middle of each; the decibels are of the whole.

        Args:
            x: array of small pictures.
            y: array of large pictures.
        """
        rows = []
        columns = zip(self._bicubic(x), self.enlarge(x), y, strict=True)
        for theirs, ours, truth in columns:
            row = []
            for name, said in (("bicubic", theirs), ("ours", ours)):
                scores = self._scores(truth[None], said, "")
                caption = f"{name}\n{scores['psnr']:.2f} dB"
                row.append((caption, _middle(said)))
            rows.append([*row, ("truth", _middle(truth))])
        return rows

    def predict_path(self, path, top=1, folder=None):
        """Writes each picture under a path enlarged.

        Args:
            path: str. A picture or a folder.
            top: int. Has no meaning here.
            folder: str. Where to write `<name>_x<scale>.png`. Defaults to
                `enlarged` in the current folder.

        Returns:
            A list of dicts, one a picture: `file`, `enlarged`, `height` and
            `width` in pixels.
        """
        from PIL import Image

        folder = Path(folder or "enlarged")
        folder.mkdir(parents=True, exist_ok=True)
        rows = []
        for number, file in enumerate(picture_files(path)):
            (large,) = self.enlarge([read_picture(file, self.color_mode())])
            name = f"{number:04d}_{Path(file).stem}_x{self.scale}.png"
            pixels = large[..., 0] if large.shape[-1] == 1 else large
            Image.fromarray(pixels).save(folder / name)
            rows.append(
                {
                    "file": file,
                    "enlarged": str(folder / name),
                    "height": large.shape[0],
                    "width": large.shape[1],
                }
            )
        return rows

    def color_mode(self):
        """How files are read: `"grayscale"` or `"rgb"`."""
        return _COLOR_MODES[self.input_shape[-1]]

    def _bicubic(self, small):
        large = bicubic_upscale(small.astype("float32"), self.scale)
        large = ops.convert_to_numpy(large)
        return np.rint(large.clip(0, 255)).astype("uint8")

    def _scores(self, truth, said, prefix):
        truth, said = (
            compared(p, self.scale) for p in (truth, np.asarray(said)[None])
        )
        psnr = metrics.peak_signal_to_noise(truth, said, 255.0)
        ssim = metrics.structural_similarity(truth, said, 255.0)
        return {
            f"{prefix}psnr": float(psnr[0]),
            f"{prefix}ssim": float(ssim[0]),
        }


def _middle(picture, side=112):
    """The middle square of a picture, as it is shown."""
    top, left = (max(0, (s - side) // 2) for s in picture.shape[:2])
    return displayable(picture[None])[0, top : top + side, left : left + side]

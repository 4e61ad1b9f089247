from pathlib import Path

import numpy as np

from keras_nn.applications.overlap_tiles import overlap_tiles
from keras_nn.applications.picture_files import picture_files
from keras_nn.applications.picture_masks import read_picture
from keras_nn.applications.picture_masks import save_mask

COLOR_MODES = {1: "grayscale", 3: "rgb"}


class MaskPrediction:
    """What an application of masks does with pictures and files of any size.

    A mixin for a `keras.Model` from pictures to class probabilities of every
    pixel, with `tile`, `num_classes`, `class_names` and `network`.
    """

    def predict_masks(self, images, overlap=0.25):
        """The class of every pixel, of pictures of any size.

        Pictures of another size than the network takes, or larger than
        `tile`, are looked at in tiles that overlap.

        Args:
            images: array `(n, height, width, channels)`, or a list of arrays
                `(height, width, channels)` of several sizes.
            overlap: float in [0, 1). Share of a tile that its neighbour sees.

        Returns:
            A list of uint8 arrays `(height, width)`.

        Raises:
            ValueError: if a picture has another number of channels.
        """
        return [
            self.predict_tiled(np.asarray(image), overlap)
            .argmax(axis=-1)
            .astype("uint8")
            for image in images
        ]

    def predict_tiled(self, picture, overlap=0.25):
        """Class probabilities of one picture of any size, from its tiles.

        Args:
            picture: array `(height, width, channels)`.
            overlap: float in [0, 1).

        Returns:
            float32 array `(height, width, num_classes)`.
        """
        channels = self.input_shape[-1]
        if picture.ndim != 3 or picture.shape[-1] != channels:
            raise ValueError(
                f"The network takes pictures of {channels} channels. "
                f"Received: shape {picture.shape}"
            )
        stride = getattr(self.network, "stride", 32)
        limit = self.tile or 512
        tile = [
            known or stride * -(-min(side, limit) // stride)
            for side, known in zip(
                picture.shape[:2], self.input_shape[1:3], strict=True
            )
        ]
        return overlap_tiles(
            self.predict_on_batch, picture.astype("float32"), tile, overlap
        )

    def predict_path(self, path, top=1, folder=None):
        """Writes a mask and an overlay for each picture under a path.

        Args:
            path: str. A picture or a folder.
            top: int. Has no meaning for masks.
            folder: str. Where to write `<name>_mask.png`, class indices in a
                palette of colours, and `<name>_overlay.png`. Defaults to
                `masks` in the current folder.

        Returns:
            A list of dicts, one a picture: `file`, `mask`, `overlay`, and of
            each class its share of the pixels.
        """
        folder = Path(folder or "masks")
        names = self.class_names or [str(i) for i in range(self.num_classes)]
        rows = []
        for file in picture_files(path):
            picture = read_picture(file, self.color_mode())
            (mask,) = self.predict_masks([picture])
            written = save_mask(
                folder, file, path, picture, mask, self.num_classes
            )
            shares = {
                f"share of {name}": round(float((mask == index).mean()), 6)
                for index, name in enumerate(names)
            }
            rows.append({"file": file, **written, **shares})
        return rows

    def color_mode(self):
        """How files are read: `"grayscale"` or `"rgb"`."""
        channels = self.input_shape[-1]
        if channels not in COLOR_MODES:
            raise ValueError(
                "Files are read for networks of 1 or 3 channels; read them "
                "yourself and call `predict_masks`. "
                f"Received: {channels} channels"
            )
        return COLOR_MODES[channels]

from pathlib import Path

import keras
import numpy as np

from keras_nn import data
from keras_nn.applications.overlap_tiles import overlap_tiles
from keras_nn.applications.picture_checkpoints import published_segmenter
from keras_nn.applications.picture_files import picture_files
from keras_nn.applications.picture_masks import read_picture
from keras_nn.applications.picture_masks import save_mask
from keras_nn.data.picture_check import check_picture
from keras_nn.ops import predictive_entropy

COLOR_MODES = {1: "grayscale", 3: "rgb"}


class MaskPrediction:
    """What an application of masks does with pictures and files of any size.

    A mixin for a `keras.Model` from pictures to class probabilities of every
    pixel, with `tile`, `num_classes`, `class_names` and `network`, behind
    `ManyLooks`.
    """

    @classmethod
    def from_pretrained(cls, name, num_classes=None, loading=None, **kwargs):
        """A segmenter on published weights: those of a SegFormer.

        Args:
            name: str or path. A folder with a checkpoint of Hugging Face's
                SegFormer, or its id on the hub, such as
                `"nvidia/segformer-b0-finetuned-ade-512-512"`.
            num_classes: int or None. With a number, what says the class
                begins anew, for classes of your own. None keeps it.
            loading: dict or None. Arguments of
                `keras_nn.pretrained.hugging_face.load`: `input_shape`,
                `revision`, `sha256`.
            **kwargs: of the constructor.

        Returns:
            A segmenter that preprocesses as the weights expect.

        Raises:
            FileNotFoundError: if there is no such checkpoint, or none can be
                downloaded.
            WrongRequest: if it is that of another network.
            ValueError: if its tensors do not fit the network.
        """
        network, scores, names = published_segmenter(name, **(loading or {}))
        if num_classes is not None:
            return cls(network, num_classes, **kwargs)
        app = cls(
            network, scores[1].shape[0], **{"class_names": names, **kwargs}
        )
        app.head.set_weights(scores)
        return app

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
        return self._tiled(picture, overlap, self.predict_on_batch)

    def predict_uncertainty(self, images, overlap=0.25):
        """Masks, and how sure they are, from several looks at each picture.

        `H(mean p)` and `H(mean p) - mean H(p)`: all doubt, and the part of it
        that looks disagree about, which more data would lessen. The rest lies
        in the pictures.

        Args:
            images: as in `predict_masks`.
            overlap: float in [0, 1). Share of a tile that its neighbour sees.

        Returns:
            A list of dicts, one a picture, of arrays `(height, width)`:
            `mask`, uint8; `entropy` and `disagreement`, float32 from 0 to 1,
            in shares of the entropy of classes all alike.
        """
        found = []
        for image in images:
            seen = self._tiled(np.asarray(image), overlap, self.look)
            shares = seen[..., :-1] / seen[..., :-1].sum(-1, keepdims=True)
            entropy = np.asarray(predictive_entropy(shares))
            disagreement = np.maximum(entropy - seen[..., -1], 0)
            found.append(
                {
                    "mask": shares.argmax(axis=-1).astype("uint8"),
                    "entropy": entropy,
                    "disagreement": disagreement,
                }
            )
        return found

    def predict_path(self, path, top=1, folder=None):
        """Writes a mask and an overlay for each picture under a path.

        With several `views` or `samples`, also `<name>_uncertainty.png`: the
        entropy of each pixel, from black (0) to white (1).

        Args:
            path: str. A picture or a folder.
            top: int. Has no meaning for masks.
            folder: str. Where to write `<name>_mask.png`, class indices in a
                palette of colours, and `<name>_overlay.png`. Defaults to
                `masks` in the current folder.

        Returns:
            A list of dicts, one a picture: `file`, `mask`, `overlay`, of each
            class its share of the pixels, and with several looks
            `uncertainty`, a path, and `mean entropy`.
        """
        folder = Path(folder or "masks")
        names = self.class_names or [str(i) for i in range(self.num_classes)]
        rows = []
        for file in picture_files(path):
            picture = read_picture(file, self.color_mode())
            doubt = None
            if max(self.views, self.samples) > 1:
                (looks,) = self.predict_uncertainty([picture])
                mask, doubt = looks["mask"], looks["entropy"]
            else:
                (mask,) = self.predict_masks([picture])
            written = save_mask(
                folder, file, path, picture, mask, self.num_classes, doubt
            )
            if doubt is not None:
                written["mean entropy"] = round(float(doubt.mean()), 6)
            shares = {
                f"share of {name}": round(float((mask == index).mean()), 6)
                for index, name in enumerate(names)
            }
            rows.append({"file": file, **written, **shares})
        return rows

    def explain_path(self, path, folder, method, label=None, settings=None):
        """Draws what in pictures speaks for a class, over all their pixels.

        What is explained is the mean score of the class over all places, at
        one look at the whole picture, which is scaled to the network's size;
        a network of any size sees it at its own, at most `tile` a side.

        Args:
            path, folder, method, label, settings: see
                `keras_nn.applications.picture_explanations`.

        Returns:
            A list of dicts, one a picture.
        """
        from keras_nn.applications.picture_explanations import explain_pictures

        look = keras.Model(self.inputs, self.outputs[0], name=self.name)
        return explain_pictures(
            self,
            path,
            folder,
            method,
            label,
            settings,
            model=look,
            read=self._read_whole,
        )

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

    def _tiled(self, picture, overlap, look):
        channels = self.input_shape[-1]
        if picture.ndim != 3 or picture.shape[-1] != channels:
            raise ValueError(
                f"The network takes pictures of {channels} channels. "
                f"Received: shape {picture.shape}"
            )
        tile = self._largest(picture.shape[:2])
        return overlap_tiles(look, picture.astype("float32"), tile, overlap)

    def _largest(self, size):
        """The size at which the network sees as much of a picture at once."""
        stride = getattr(self.network, "stride", 32)
        limit = self.tile or 512
        return [
            known or stride * -(-min(side, limit) // stride)
            for side, known in zip(size, self.input_shape[1:3], strict=True)
        ]

    def _read_whole(self, file):
        size = tuple(self._largest(check_picture(file).size))
        return data.ImageReader(size, self.color_mode())(file)

import numpy as np
import tensorflow as tf

from keras_nn.callbacks.drawing import INK
from keras_nn.callbacks.drawing import captioned_grid
from keras_nn.callbacks.instrument import Instrument
from keras_nn.callbacks.mask_pictures import IGNORED
from keras_nn.callbacks.mask_pictures import error_picture
from keras_nn.callbacks.mask_pictures import mask_overlay
from keras_nn.callbacks.validation_sample import ValidationSample
from keras_nn.explain.heat_map import colours

_TILE = 160
_HEADS = ("prediction", "errors", "entropy", "disagreement")


class UncertaintyMaps(Instrument):
    """Shows where a segmenter doubts its masks, when training ends.

    A row for each picture: the predicted mask over it, where it errs (red),
    the entropy of the mean of several looks, and the part of it that looks
    disagree about; from dark (sure) to bright.

    Read it for: bright seams where the errors are, as it should be. Errors in
    the dark are those that nobody will look for. Disagreement far from any
    seam points to pictures unlike those of the training.

    Args:
        log_dir: str or path. Where TensorBoard looks.
        sample: `ValidationSample` with pictures and masks of class indices,
            or anything `ValidationSample.of` takes.
        count: int. How many pictures are looked at. Defaults to 4.

    Raises:
        ValueError: If the sample has no pictures, or `count` is not positive.

    Writes to `log_dir/validation`, at the last epoch's index:
        `uncertainty_maps`: image. `entropy/right` and `entropy/wrong`:
        scalars in [0, 1], the mean over pixels that are right, and wrong;
        only where there are such.

    Example:

    >>> import tempfile
    >>> from keras_nn.applications import ImageSegmenter
    >>> from keras_nn.models import UNet
    >>> from keras_nn.testing import read_events
    >>> network = UNet(False, input_shape=(8, 8, 1), filters=[2, 2])
    >>> app = ImageSegmenter(network, 2, views=4)
    >>> app.compile()
    >>> x = np.random.rand(4, 8, 8, 1).astype("float32")
    >>> y = (x[..., 0] > 0.5).astype("uint8")
    >>> folder = tempfile.mkdtemp()
    >>> maps = UncertaintyMaps(folder, (x, y))
    >>> _ = app.fit(x, y, verbose=0, callbacks=[maps])
    >>> "uncertainty_maps" in read_events(folder)["validation"]
    True
    """

    def __init__(self, log_dir, sample, count=4):
        super().__init__(log_dir)
        if count < 1:
            raise ValueError(f"`count` must be positive. Received: {count=}")
        self.sample = ValidationSample.of(sample, limit=count)
        self.sample.require_pictures()
        self.count = count
        self._epoch = 0

    def on_epoch_end(self, epoch, logs=None):
        self._epoch = epoch

    def on_train_end(self, logs=None):
        self._write()
        super().on_train_end(logs)

    def _write(self):
        masks = np.asarray(self.sample.y)[: self.count]
        masks = masks.reshape(masks.shape[:3])
        looks = self.model.predict_uncertainty(self.sample.x[: self.count])
        rows, captions = [], []
        entropies = {True: [], False: []}
        shown = zip(self.sample.pictures, masks, looks, strict=False)
        for picture, truth, seen in shown:
            mask, entropy = seen["mask"], seen["entropy"]
            for right, found in entropies.items():
                counts = ((mask == truth) == right) & (truth != IGNORED)
                found.append(entropy[counts])
            rows.append(
                [
                    mask_overlay(picture, mask, self.model.num_classes),
                    error_picture(truth, mask),
                    colours(entropy),
                    colours(seen["disagreement"]),
                ]
            )
            mean = f"mean entropy {entropy.mean():.3f}"
            captions.append([*_HEADS[:2], mean, _HEADS[3]])
        inks = [[INK] * len(_HEADS)] * len(rows)
        title = f"epoch {self._epoch}"
        grid = captioned_grid(rows, captions, title, _TILE, inks)
        with self.write(self._epoch, "validation"):
            tf.summary.image("uncertainty_maps", grid[None])
            for right, name in ((True, "right"), (False, "wrong")):
                values = np.concatenate(entropies[right])
                if values.size:
                    tf.summary.scalar(f"entropy/{name}", values.mean())

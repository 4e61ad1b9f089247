import keras
import numpy as np
from keras import ops

QUANTILES = 512


@keras.saving.register_keras_serializable(package="keras_nn")
class MixPictures(keras.layers.Layer):
    """Mixup and CutMix: mixes pictures of a batch, and their labels.

    `x' = w x + (1 - w) x_other`, `y' = s y + (1 - s) y_other`

    Mixup: `w = s ~ Beta(mixup, mixup)` everywhere. CutMix: `w` is 0 inside of
    a box whose area is a share drawn from `Beta(cutmix, cutmix)`, 1 outside
    of it, and `s` is the share of the picture that is left. The other picture
    is the one in the mirrored place of the batch, which must be shuffled.

    `keras.layers.MixUp` and `CutMix` draw from a gamma distribution, which
    XLA cannot compile; this layer reads the quantiles of the Beta
    distribution from a table.

    Args:
        mixup: float. Parameter of the distribution of mixup; 0 for CutMix
            alone. Defaults to 0.8.
        cutmix: float. Parameter of the distribution of CutMix; 0 for mixup
            alone. Defaults to 1.
        rate: float in (0, 1]. Share of pictures that are mixed. Defaults to
            1.
        switch: float. Share of CutMix where both are on. Defaults to 0.5.
        seed: int or None. Seed of the draws.

    Call arguments:
        inputs: dict of `"images"`, a float tensor `(batch, height, width,
            channels)`, and `"labels"`, class shares `(batch, classes)`, as
            Keras's augmentation layers take them.
        training: bool. Inputs pass as they are unless it is True.

    Returns:
        As the inputs.

    Raises:
        ValueError: if an argument is out of its range, or nothing is on.

    Example:

    >>> layer = MixPictures(mixup=0.0, cutmix=1.0)
    >>> pair = {"images": ops.ones((2, 4, 4, 1)), "labels": ops.eye(2)}
    >>> mixed = layer(pair, training=True)
    >>> ops.convert_to_numpy(ops.sum(mixed["labels"], axis=1)).tolist()
    [1.0, 1.0]

    Reference:
        [Zhang et al., 2018](https://arxiv.org/abs/1710.09412);
        [Yun et al., 2019](https://arxiv.org/abs/1905.04899)
    """

    def __init__(
        self,
        mixup=0.8,
        cutmix=1.0,
        rate=1.0,
        switch=0.5,
        seed=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if min(mixup, cutmix) < 0 or not mixup + cutmix:
            raise ValueError(
                "`mixup` and `cutmix` must not be negative, and not both 0. "
                f"Received: {mixup=}, {cutmix=}"
            )
        if not 0 < rate <= 1 or not 0 <= switch <= 1:
            raise ValueError(
                "`rate` must lie in (0, 1], `switch` in [0, 1]. "
                f"Received: {rate=}, {switch=}"
            )
        self.mixup = mixup
        self.cutmix = cutmix
        self.rate = rate
        self.switch = switch
        self.seed = seed
        self.generator = keras.random.SeedGenerator(seed)

    def build(self, input_shape):
        pass

    def call(self, inputs, training=False):
        if not training:
            return inputs
        images, labels = inputs["images"], inputs["labels"]
        batch = ops.shape(images)[0]
        # float32: places and shares need more than half precision.
        kept = self._kept(images, batch)
        mixed = self._draw(batch) < self.rate
        kept = ops.where(mixed, kept, 1.0)
        share = ops.mean(kept, axis=(1, 2, 3))[:, None]
        kept = ops.cast(kept, images.dtype)
        share = ops.cast(share, labels.dtype)
        return {
            **inputs,
            "images": kept * images + (1 - kept) * ops.flip(images, axis=0),
            "labels": share * labels + (1 - share) * ops.flip(labels, axis=0),
        }

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {
            **super().get_config(),
            "mixup": self.mixup,
            "cutmix": self.cutmix,
            "rate": self.rate,
            "switch": self.switch,
            "seed": self.seed,
        }

    def _draw(self, batch):
        return keras.random.uniform((batch, 1, 1, 1), seed=self.generator)

    def _kept(self, images, batch):
        """How much of each pixel stays: `(batch, height, width, 1)`."""
        height, width = ops.shape(images)[1:3]
        whole = ops.ones((batch, height, width, 1))
        if not self.cutmix:
            return whole * self._beta(self.mixup, batch)
        side = ops.sqrt(self._beta(self.cutmix, batch))
        rows = self._inside(height, 1, batch, side)
        inside = rows & self._inside(width, 2, batch, side)
        cut = ops.where(inside, 0.0, whole)
        if not self.mixup:
            return cut
        return ops.where(
            self._draw(batch) < self.switch,
            cut,
            whole * self._beta(self.mixup, batch),
        )

    def _inside(self, size, axis, batch, side):
        """Which rows or columns a box of this share of them covers."""
        shape = [1, 1, 1, 1]
        shape[axis] = size
        place = ops.reshape(ops.arange(size, dtype="float32"), shape)
        size = ops.cast(size, "float32")
        middle = ops.floor(self._draw(batch) * size)
        half = ops.floor(side * size) / 2
        first = ops.round(middle - half)
        return (place >= first) & (place < ops.round(middle + half))

    def _beta(self, parameter, batch):
        table = ops.convert_to_tensor(_quantiles(parameter))
        place = self._draw(batch) * (QUANTILES - 1)
        low = ops.floor(place)
        index = ops.cast(low, "int32")
        below = ops.take(table, index)
        above = ops.take(table, ops.minimum(index + 1, QUANTILES - 1))
        return below + (place - low) * (above - below)


def _quantiles(parameter):
    from scipy.special import betaincinv

    levels = np.linspace(0, 1, QUANTILES)
    return betaincinv(parameter, parameter, levels).astype("float32")

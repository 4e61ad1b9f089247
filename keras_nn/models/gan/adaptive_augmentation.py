import keras
from keras import ops

from keras_nn.models.gan.augmentation_moves import drawn_colours
from keras_nn.models.gan.augmentation_moves import drawn_places
from keras_nn.ops.bilinear import sample_bilinear
from keras_nn.training import replicas

GROUPS = ("blit", "geometry", "colour")


@keras.saving.register_keras_serializable(package="keras_nn")
class AdaptiveAugmentation(keras.layers.Layer):
    """Changes pictures before a discriminator can know them by heart.

    Every change is drawn for each picture with probability `p`: flips, quarter
    turns, shifts by whole pixels; sizes, rotations, stretches, shifts between
    pixels; brightness, contrast, mirrored greys, hue, saturation. All in one:
    a pixel is read bilinearly from one place, beyond the margins from the
    mirrored picture. Everything is differentiable.

    `p <- clip(p + sign(r - target) * pictures / length, 0, limit)`,
    `r = mean sign(D(real))` of the last `interval` batches

    For the `augmentation` of a `GAN`. A change that is as likely as its
    opposite, or is left out often enough, does not leak into what is
    generated: the limit stays below 1.

    Args:
        groups: list of str. Of `"blit"`, `"geometry"`, `"colour"`. Defaults to
            all.
        target: float. Wanted `r`. Defaults to 0.6.
        length: int. Real pictures in which `p` may go from 0 to 1. Defaults
            to 500,000.
        interval: int. Batches between changes of `p`. Defaults to 4.
        limit: float. Most of `p`. Defaults to 0.8.
        start: float. `p` at first. Defaults to 0.
        **kwargs: `name`.

    Call arguments:
        inputs: pictures `(batch, height, width, 1 or 3)` from -1 to 1, of a
            known size.
        training: bool. Without it pictures stay as they are.

    Returns:
        Pictures of the same shape, float32.

    Raises:
        ValueError: On an unknown group, or a number outside of its range.

    Example:

    >>> layer = AdaptiveAugmentation(start=0.5)
    >>> tuple(layer(ops.ones((2, 8, 8, 3)), training=True).shape)
    (2, 8, 8, 3)

    Reference:
        [Karras et al., 2020](https://arxiv.org/abs/2006.06676), sections 3
        and B
    """

    def __init__(
        self,
        groups=GROUPS,
        target=0.6,
        length=500_000,
        interval=4,
        limit=0.8,
        start=0.0,
        **kwargs,
    ):
        super().__init__(**{"dtype": "float32", **kwargs})
        unknown = set(groups) - set(GROUPS)
        if unknown:
            raise ValueError(
                f"`groups` must be of {GROUPS}. Received: {sorted(unknown)}"
            )
        if min(length, interval) < 1 or not 0 <= start <= limit <= 1:
            raise ValueError(
                "`length` and `interval` must be positive, and `start` and "
                "`limit` rise from 0 to 1. Received: "
                f"{length=}, {interval=}, {start=}, {limit=}"
            )
        self.groups = list(groups)
        self.target = target
        self.length = length
        self.interval = interval
        self.limit = limit
        self.start = start
        self.seed_generator = keras.random.SeedGenerator()
        for name, value in (("p", start), ("signs", 0.0), ("seen", 0.0)):
            weight = self.add_weight(
                (),
                keras.initializers.Constant(value),
                trainable=False,
                aggregation="only_first_replica",  # they compute the same
                name=name,
            )
            setattr(self, name, weight)
        self.batches = self.add_weight(
            (),
            "zeros",
            "int32",
            trainable=False,
            aggregation="only_first_replica",
            name="batches",
        )
        self.built = True

    def call(self, inputs, training=None):
        inputs = ops.cast(inputs, "float32")
        if not training:
            return inputs
        return self.move(inputs, self.draw(inputs))

    def draw(self, pictures):
        """What is done to so many pictures: a dict of matrices.

        Args:
            pictures: float tensor `(batch, height, width, channels)`.
        """
        count = ops.shape(pictures)[0]
        height, width, channels = pictures.shape[1:]
        if channels not in (1, 3):
            raise ValueError(
                f"Pictures must have 1 or 3 channels. Received: {channels}"
            )
        p, seed, found = ops.convert_to_tensor(self.p), self.seed_generator, {}
        if {"blit", "geometry"} & set(self.groups):
            found["places"] = drawn_places(
                count, height, width, p, self.groups, seed
            )
        if "colour" in self.groups:
            found["colours"] = drawn_colours(count, channels, p, seed)
        return found

    def move(self, pictures, moves):
        """Pictures as `draw` said.

        Args:
            pictures: float tensor `(batch, height, width, channels)`.
            moves: dict, as `draw` gives it.
        """
        if "places" in moves:
            pictures = _moved(pictures, moves["places"])
        if "colours" in moves:
            pictures = _coloured(pictures, moves["colours"])
        return pictures

    def adapt(self, scores):
        """Makes `p` larger or smaller, given scores of real pictures.

        Args:
            scores: float tensor `(batch, 1)`, more than 0 for "real".
        """
        sign = ops.cast(ops.sign(ops.stop_gradient(scores)), "float32")
        sign, count = ops.sum(sign), ops.cast(ops.size(scores), "float32")
        signs, seen = (
            ops.convert_to_tensor(kept) + replicas.all_reduce_sum(new)
            for kept, new in ((self.signs, sign), (self.seen, count))
        )
        batches = ops.convert_to_tensor(self.batches) + 1
        due = batches >= self.interval
        p = ops.convert_to_tensor(self.p)
        step = ops.sign(signs / seen - self.target) * (seen / self.length)
        self.p.assign(ops.where(due, ops.clip(p + step, 0.0, self.limit), p))
        self.signs.assign(ops.where(due, 0.0, signs))
        self.seen.assign(ops.where(due, 0.0, seen))
        self.batches.assign(ops.where(due, 0, batches))

    def compute_output_shape(self, input_shape):
        return tuple(input_shape)

    def get_config(self):
        return {
            **super().get_config(),
            "groups": self.groups,
            "target": self.target,
            "length": self.length,
            "interval": self.interval,
            "limit": self.limit,
            "start": self.start,
        }


def _moved(pictures, places):
    """Reads each pixel where its picture's matrix says."""
    height, width = pictures.shape[1:3]
    unit = height / 2
    y = (ops.arange(height, dtype="float32") + 0.5 - height / 2) / unit
    x = (ops.arange(width, dtype="float32") + 0.5 - width / 2) / unit
    y, x = y[None, :, None], x[None, None, :]
    places = places[:, :, :, None, None]
    right = places[:, 0, 0] * x + places[:, 0, 1] * y + places[:, 0, 2]
    down = places[:, 1, 0] * x + places[:, 1, 1] * y + places[:, 1, 2]
    return sample_bilinear(
        pictures,
        _mirrored(down * unit + height / 2 - 0.5, height),
        _mirrored(right * unit + width / 2 - 0.5, width),
    )


def _mirrored(places, size):
    """Places beyond the first and the last pixel, mirrored at them."""
    if size == 1:
        return ops.zeros_like(places)
    # Whole numbers stay whole: what rounding left is taken away.
    whole = ops.round(places)
    places = ops.where(ops.abs(places - whole) < 1e-4, whole, places)
    period = 2.0 * (size - 1)
    places = ops.mod(places, period)
    return ops.minimum(places, period - places)


def _coloured(pictures, colours):
    channels = pictures.shape[-1]
    if channels == 1:
        # Of a grey, what its three equal channels would become on average.
        factor = ops.mean(ops.sum(colours[:, :3, :3], axis=2), axis=1)
        shift = ops.mean(colours[:, :3, 3], axis=1)
        wide = (slice(None), None, None, None)
        return pictures * factor[wide] + shift[wide]
    turned = ops.einsum("bhwc,bdc->bhwd", pictures, colours[:, :3, :3])
    return turned + colours[:, None, None, :3, 3]

import keras
import numpy as np
from keras import ops

from keras_nn import data
from keras_nn import metrics
from keras_nn.applications import optimization
from keras_nn.applications import super_resolver_recipes as recipes
from keras_nn.applications.picture_application import PictureApplication
from keras_nn.applications.picture_application import deserialized
from keras_nn.applications.picture_application import serialized
from keras_nn.applications.picture_enlargement import PictureEnlargement
from keras_nn.applications.unknown_choice import WrongRequest
from keras_nn.layers import BicubicUpsampling2D

_LEVELS = 32.0  # grey levels that a 1 of the network adds


@keras.saving.register_keras_serializable(package="keras_nn")
class SuperResolver(PictureEnlargement, PictureApplication):
    """Small pictures to large ones, on any network that enlarges.

    `y = bicubic(x) + 32 network(x / 127.5 - 1)`

    The network learns what bicubic interpolation lacks, so that a network that
    has learnt nothing is not far from that baseline. The sum is float32.

    Args:
        network: `keras.Model` from pictures to pictures `scale` times as
            large, such as an `EDSR`, `ESPCN` or `SRCNN`.
        scale: int. How many times as high and as wide; 2 or more.
        flip: bool. Whether to mirror and turn the pairs in training. Defaults
            to True.

    Call arguments:
        inputs: pictures `(batch, height, width, channels)`, 0 to 255.

    Returns:
        Float pictures `(batch, scale * height, scale * width, channels)`.

    Raises:
        ValueError: if the network enlarges by another factor.

    Example:

    >>> from keras_nn.models import ESPCN
    >>> app = SuperResolver(ESPCN(scale=2, filters=[8, 4]), scale=2)
    >>> app.compile()
    >>> pairs = data.load("photographs-x2")
    >>> history = app.fit(pairs.train.take(16), verbose=0)
    >>> app.enlarge(pairs.test.x[:1])[0].shape
    (420, 156, 3)

    Reference:
        [Lim et al., 2017](https://arxiv.org/abs/1707.02921)
    """

    def __init__(self, network, scale, flip=True, **kwargs):
        if scale < 2:
            raise ValueError(f"`scale` must be at least 2. Received: {scale=}")
        sides = [side or 8 for side in network.input_shape[1:3]]
        channels = network.input_shape[-1]
        probe = (1, *sides, channels)
        said = tuple(network.compute_output_shape(probe))
        if said != (1, *(scale * side for side in sides), channels):
            raise ValueError(
                f"`network` must make pictures {scale} times as large, of the "
                f"same channels. Received: {said} from {probe}"
            )
        pictures = keras.Input(network.input_shape[1:], name="pictures")
        x = keras.layers.Rescaling(1 / 127.5, -1.0, name="rescale")(pictures)
        x = keras.layers.Rescaling(_LEVELS, dtype="float32", name="levels")(
            network(x)
        )
        base = BicubicUpsampling2D(scale, dtype="float32", name="bicubic")
        x = keras.layers.Add(dtype="float32", name="sum")([base(pictures), x])
        super().__init__(pictures, x, **kwargs)
        self.network = network
        self.scale = scale
        self.flip = flip
        self.seed_generator = keras.random.SeedGenerator(0)

    def train_step(self, data):
        if not self.flip:
            return super().train_step(data)
        x, y, weight = keras.utils.unpack_x_y_sample_weight(data)
        # One draw for a batch: its pairs have one shape after a turn, too.
        drawn = keras.random.uniform((2,), seed=self.seed_generator)
        for axis in (1, 2):
            turn = drawn[axis - 1] < 0.5
            x, y = (
                ops.where(turn, ops.flip(pictures, axis), pictures)
                for pictures in (x, y)
            )
        return super().train_step(
            keras.utils.pack_x_y_sample_weight(x, y, weight)
        )

    def get_config(self):
        return {
            "name": self.name,
            "trainable": self.trainable,
            "network": serialized(self.network),
            "scale": self.scale,
            "flip": self.flip,
        }

    @classmethod
    def from_config(cls, config):
        return cls(**deserialized(config, ("network",)))

    @classmethod
    def default_settings(cls):
        return {
            **optimization.SETTINGS,
            "network": "edsr_small",
            "scale": 2,
            "flip": True,
            "side": 48,  # of the large squares, in pixels
            "patches": 4000,  # squares to learn from
            "on_error": "raise",
            "validation_fraction": 0.1,
            "test_fraction": 0.1,
        }

    @classmethod
    def setting_choices(cls):
        return {
            **optimization.CHOICES,
            "network": tuple(recipes.NETWORKS),
            "scale": (2, 3, 4),
            "on_error": ("raise", "skip"),
        }

    @classmethod
    def recipes(cls):
        return recipes.RECIPES

    @classmethod
    def read_data(cls, path, recipe, seed, settings):
        return data.from_picture_pairs(
            path,
            settings["scale"],
            side=settings["side"],
            limit=settings["patches"],
            validation_fraction=settings["validation_fraction"],
            test_fraction=settings["test_fraction"],
            seed=seed,
            on_error=settings["on_error"],
        )

    def read_test(self, path, settings):
        return data.from_picture_pairs(
            path,
            self.scale,
            side=settings["side"],
            limit=settings["patches"],
            validation_fraction=0,
            test_fraction=0,
            color_mode=self.color_mode(),
            on_error=settings["on_error"],
        ).train

    @classmethod
    def from_recipe(cls, recipe, splits, epochs, batch_size, **settings):
        small, large = splits.train.shape, splits.train.y.shape[1:]
        scale = settings["scale"]
        if large[0] != scale * small[0]:
            raise WrongRequest(
                "The data have pictures of another scale: choose their recipe, "
                f"or `--set scale={large[0] // small[0]}`. Received: "
                f"scale={scale}"
            )
        app = cls(
            recipes.NETWORKS[settings["network"]](scale, small[-1]),
            scale,
            flip=settings["flip"],
        )
        steps = epochs * data.steps(splits.train, batch_size)
        app.compile(optimizer=optimization.build_optimizer(settings, steps))
        return app

    def default_loss(self):
        return keras.losses.MeanAbsoluteError()

    def default_metrics(self):
        psnr = metrics.PeakSignalToNoise(255.0, name="psnr")
        ssim = metrics.StructuralSimilarity(255.0, name="ssim")
        return [
            metrics.OnLuminance(psnr, self.scale),
            metrics.OnLuminance(ssim, self.scale),
            metrics.BicubicGain(self.scale),
        ]

    def example_scores(self, split):
        rows = []
        for small, truth in zip(*split.arrays(), strict=True):
            said = self.predict_on_batch(small[None].astype("float32"))[0]
            rows.append(self._scores(truth[None], said, ""))
        return {k: np.array([row[k] for row in rows]) for k in rows[0]}

    # Large pictures are tested on, so fewer at a time than elsewhere.
    def fit(self, x=None, y=None, batch_size=None, *args, **kwargs):
        kwargs["validation_batch_size"] = (
            kwargs.get("validation_batch_size") or 4
        )
        return super().fit(x, y, batch_size, *args, **kwargs)

    def evaluate(self, x=None, y=None, batch_size=None, *args, **kwargs):
        if isinstance(x, data.Split):
            batch_size = batch_size or 4
        return super().evaluate(x, y, batch_size, *args, **kwargs)

    def inspectors(self, log_dir, validation_data=None, every=1, hparams=None):
        from keras_nn import callbacks

        common = super().inspectors(log_dir, validation_data, every, hparams)
        if validation_data is None:
            return common
        return [
            *common,
            callbacks.PictureComparison(
                log_dir, validation_data, every, tile=336
            ),
        ]

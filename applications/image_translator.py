import keras
import numpy as np
from keras import ops

from keras_nn import data
from keras_nn import metrics
from keras_nn.applications import image_translator_recipes as recipes
from keras_nn.applications import optimization
from keras_nn.applications.generative_application import GenerativeApplication
from keras_nn.applications.picture_application import as_size
from keras_nn.applications.picture_jitter import jittered
from keras_nn.applications.picture_translation import PictureTranslation
from keras_nn.applications.picture_translation import as_sides
from keras_nn.applications.unknown_choice import WrongRequest
from keras_nn.models import CycleGAN
from keras_nn.models import Pix2Pix
from keras_nn.models.gan.translation_data import check_pairs
from keras_nn.training.uncompiled_config import uncompiled_config

WINDOW = 11  # of the structural similarity, less for smaller pictures


@keras.saving.register_keras_serializable(package="keras_nn")
class ImageTranslator(PictureTranslation, GenerativeApplication):
    """Pictures of one kind to pictures of another: labels to photographs.

    Learnt from pairs (`Pix2Pix`), or from pictures of both kinds that do not
    belong together (`CycleGAN`). `fit(inputs, targets)`.

    Args:
        generator: `keras_nn.models.Pix2Pix` or `CycleGAN`, for pictures from
            -1 to 1.
        flip: bool. Whether pictures are mirrored at random in training.
            Defaults to False.
        jitter: float. Share by which pictures are enlarged in training before
            a part of the old size is cut out. Defaults to 0.
        paired_tests: bool or None. Whether the targets that `evaluate` is
            given are what the inputs should become: `psnr` and `ssim` are
            then measured. None: of a `Pix2Pix`. Defaults to None.

    Call arguments:
        inputs: pictures `(batch, height, width, channels)`, 0 to 255, or a
            dict of `inputs` and `targets`.

    Returns:
        Float pictures `(batch, height, width, channels)`, 0 to 255.

    Raises:
        ValueError: In `fit`, without targets, on sides of different numbers,
            or on pictures outside their range.

    Example:

    >>> from keras_nn.models import PatchDiscriminator, UNetTranslator
    >>> model = Pix2Pix(
    ...     UNetTranslator((16, 16, 3), filters=[4, 8], noise=False),
    ...     PatchDiscriminator((16, 16, 6), [4, 8]),
    ... )
    >>> app = ImageTranslator(model)
    >>> app.compile()
    >>> drawn = data.draw_shaded_shapes(8, image_size=16)
    >>> history = app.fit(drawn["labels"], drawn["pictures"], verbose=0)
    >>> app.translate_pictures(drawn["labels"][:2]).shape
    (2, 16, 16, 3)

    Reference:
        [Isola et al., 2017](https://arxiv.org/abs/1611.07004);
        [Zhu et al., 2017](https://arxiv.org/abs/1703.10593)
    """

    def __init__(
        self, generator, flip=False, jitter=0.0, paired_tests=None, **kwargs
    ):
        super().__init__(**kwargs)
        if jitter < 0:
            raise ValueError(
                f"`jitter` must not be negative. Received: {jitter=}"
            )
        self.generator = generator
        self.flip = flip
        self.jitter = jitter
        self.paired_tests = paired_tests
        self.seed_generator = keras.random.SeedGenerator(0)
        window = min(WINDOW, *(s or WINDOW for s in generator.target_shape[:2]))
        self.score_trackers = []
        if self.measures_pairs:
            self.score_trackers = [
                metrics.PeakSignalToNoise(255.0, name="psnr"),
                metrics.StructuralSimilarity(255.0, window, name="ssim"),
            ]
        self.built = True

    @property
    def is_paired(self):
        """bool. Whether it learns from pairs."""
        return isinstance(self.generator, Pix2Pix)

    @property
    def measures_pairs(self):
        """bool. Whether `evaluate` compares outputs with targets."""
        if self.paired_tests is None:
            return self.is_paired
        return self.paired_tests

    @property
    def has_way_back(self):
        """bool. Whether outputs can be translated back."""
        return isinstance(self.generator, CycleGAN)

    def scaled(self, x):
        return ops.cast(x, "float32") / 127.5 - 1.0

    def unscaled(self, x):
        """Pictures in the range of the inputs."""
        return (ops.cast(x, "float32") + 1.0) * 127.5

    def call(self, inputs, training=None):
        inputs, _ = as_sides(inputs)
        return self.unscaled(
            self.generator(self.scaled(inputs), training=training)
        )

    def compute_output_shape(self, input_shape):
        if isinstance(input_shape, dict):
            input_shape = input_shape["inputs"]
        return self.generator.compute_output_shape(input_shape)

    @property
    def metrics(self):
        return [*super().metrics, *self.score_trackers]

    def fit(self, x=None, y=None, *args, **kwargs):
        if isinstance(x, np.ndarray):
            check_pairs(y, None, x, (0, 255))
        return super().fit(x, y, *args, **kwargs)

    def _in_range(self, batch):
        """The sides of a batch to learn from, from -1 to 1."""
        x, y, weights = keras.utils.unpack_x_y_sample_weight(batch)
        x, y = (self.scaled(side) for side in as_sides(x, y))
        if self.flip or self.jitter:
            seed = self.seed_generator
            x, y = jittered(x, y, self.is_paired, self.flip, self.jitter, seed)
        return x, y, weights

    def test_step(self, batch):
        x, y, weights = keras.utils.unpack_x_y_sample_weight(batch)
        x, y = as_sides(x, y)
        logs = self.generator.test_step((self.scaled(x), self.scaled(y)))
        if not self.score_trackers:
            return logs
        said = ops.clip(self(x, training=False), 0.0, 255.0)
        for tracker in self.score_trackers:
            tracker.update_state(y, said)
        return {**logs, **{t.name: t.result() for t in self.score_trackers}}

    def get_config(self):
        return {
            "name": self.name,
            "trainable": self.trainable,
            "generator": uncompiled_config(self.generator),
            "flip": self.flip,
            "jitter": self.jitter,
            "paired_tests": self.paired_tests,
        }

    @classmethod
    def default_settings(cls):
        return {
            **optimization.SETTINGS,
            **recipes.SETTINGS,
            "direction": "AtoB",
            "flip": False,
            "jitter": 0.0,
            "image_size": None,
            "on_error": "raise",
            "validation_fraction": 0.1,
            "test_fraction": 0.1,
        }

    @classmethod
    def setting_choices(cls):
        return {
            **optimization.CHOICES,
            "network": tuple(recipes.NETWORKS),
            "direction": ("AtoB", "BtoA"),
            "on_error": ("raise", "skip"),
        }

    @classmethod
    def recipes(cls):
        return recipes.RECIPES

    @classmethod
    def read_data(cls, path, recipe, seed, settings):
        read = data.from_unpaired_pictures
        if recipes.is_paired(settings):
            read = data.from_paired_pictures
        return read(
            path,
            image_size=as_size(settings["image_size"]),
            direction=settings["direction"],
            validation_fraction=settings["validation_fraction"],
            test_fraction=settings["test_fraction"],
            seed=seed,
            on_error=settings["on_error"],
        )

    def read_test(self, path, settings):
        height, width = self.generator.target_shape[:2]
        fractions = {"validation_fraction": 0, "test_fraction": 0}
        settings = {**settings, **fractions, "image_size": (height, width)}
        splits = self.read_data(path, None, 0, settings)
        return splits.test or splits.train

    @classmethod
    def from_recipe(cls, recipe, splits, epochs, batch_size, **settings):
        shape = splits.train.shape
        if isinstance(shape, dict):
            inputs, targets = shape["inputs"], shape["targets"]
        else:
            inputs, targets = shape, splits.train.y.shape[1:]
        if any(side % 4 for side in inputs[:2]):
            raise WrongRequest(
                "Pictures must have a height and a width divisible by 4: "
                "`--set image_size=256`. "
                f"Received: {inputs[0]} by {inputs[1]} pixels"
            )
        app = cls(
            recipes.build_model(inputs, targets, settings),
            flip=settings["flip"],
            jitter=settings["jitter"],
            paired_tests=settings["hidden_pairs"] or None,
        )
        steps = epochs * data.steps(splits.train, batch_size)
        app.compile(recipes.build_optimizers(app.generator, settings, steps))
        return app

    def inspectors(self, log_dir, validation_data=None, every=1, hparams=None):
        from keras_nn import callbacks

        common = super().inspectors(log_dir, validation_data, every, hparams)
        if validation_data is None:
            return common
        return [
            *common,
            callbacks.PictureComparison(
                log_dir, validation_data, every, count=6, tile=96
            ),
        ]

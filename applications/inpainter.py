import keras
import numpy as np
from keras import ops

from keras_nn import data
from keras_nn.applications import inpainter_recipes as recipes
from keras_nn.applications import optimization
from keras_nn.applications.generative_application import GenerativeApplication
from keras_nn.applications.hole_filling import MEASURED
from keras_nn.applications.hole_filling import HoleFilling
from keras_nn.applications.picture_application import as_size
from keras_nn.applications.picture_holes import drawn_holes
from keras_nn.applications.picture_preprocessing import some_pictures
from keras_nn.models import DDPMSampler
from keras_nn.models import Repainting
from keras_nn.models.asked import check_range
from keras_nn.models.diffusion.guidance import Guidance
from keras_nn.training.uncompiled_config import uncompiled_config

_COLOR_MODES = {1: "grayscale", 3: "rgb"}


@keras.saving.register_keras_serializable(package="keras_nn")
class Inpainter(HoleFilling, GenerativeApplication):
    """Fills holes in pictures with what a diffusion model draws: RePaint.

    The model learns whole pictures and nothing of holes, so that one training
    serves holes of every shape, and any `DiffusionModel` at hand fills holes
    without another training. (A network that is trained on masked pictures
    would need fewer steps, but would know the kind of holes that it saw.) What
    is known is kept exactly.

    `fit` takes pictures. `evaluate` of a `data.Split` also measures
    `hole_psnr`, beside `mean_fill_psnr`, on its first 100 pictures, with a
    rectangle of a third to two thirds of each side as hole.

    Args:
        generator: `keras_nn.models.DiffusionModel` without classes.
        steps: int. Steps of the sampler. Defaults to 50.
        resamplings: int. How often each part of the way is drawn, see
            `DiffusionModel.inpaint`. Defaults to 4.
        jump_length: int. Steps of each part. Defaults to 5.

    Call arguments:
        inputs: dict of `pictures` `(batch, height, width, channels)`, 0 to
            255, and `masks` `(batch, height, width, 1)`, 1 where there is a
            hole.

    Returns:
        Float pictures, filled with noise of one seed.

    Raises:
        ValueError: On a model with classes; in `fit`, on pictures outside of
            0 to 255.

    Example:

    >>> from keras_nn.models import DenoisingUNet, DiffusionModel
    >>> from keras_nn.schedules import CosineNoise
    >>> network = DenoisingUNet((8, 8, 1), filters=[4], embedding_units=4)
    >>> model = DiffusionModel(network, CosineNoise(), clip=1.0)
    >>> app = Inpainter(model, steps=4, resamplings=1)
    >>> app.compile()
    >>> digits = data.load("digits").train.x[:32]
    >>> history = app.fit(digits, verbose=0)
    >>> hole = np.zeros((8, 8)); hole[2:5, 3:6] = 1
    >>> (filled,) = app.fill(digits[:1], [hole])
    >>> bool(np.all(filled[hole == 0] == digits[0][hole == 0]))
    True

    Reference:
        [Lugmayr et al., 2022](https://arxiv.org/abs/2201.09865)
    """

    def __init__(
        self, generator, steps=50, resamplings=4, jump_length=5, **kwargs
    ):
        super().__init__(**kwargs)
        if generator.num_classes:
            raise ValueError(
                "`generator` must be a model without classes. Received: "
                f"num_classes={generator.num_classes}"
            )
        if len(generator.code_shape) != 3:
            raise ValueError(
                "`generator` must draw pictures (height, width, channels). "
                f"Received: shape {generator.code_shape}"
            )
        Repainting(None, None, resamplings, jump_length)  # or refused
        self.generator = generator
        self.steps = steps
        self.resamplings = resamplings
        self.jump_length = jump_length
        self._drawing()  # made outside of any graph
        self.built = True

    def _drawing(self):
        return self.generator.generator.drawing(
            self._sampler(), self.steps, Guidance(), self._jumps()
        )

    def _sampler(self):
        return DDPMSampler(clip=self.generator.clip)

    def _jumps(self):
        return {
            "resamplings": self.resamplings,
            "jump_length": self.jump_length,
        }

    @property
    def picture_shape(self):
        """Tuple `(height, width, channels)` of the model."""
        return self.generator.picture_shape

    def scaled(self, x):
        """Pictures in the range of the model."""
        pictures = x["pictures"] if isinstance(x, dict) else x
        return ops.cast(pictures, "float32") / 127.5 - 1.0

    def call(self, inputs, training=None):
        pictures = ops.cast(inputs["pictures"], "float32")
        holes = ops.cast(inputs["masks"], "float32")
        shape = (ops.shape(pictures)[0], *self.picture_shape)
        drawn = self._drawing().draw(
            {
                "noise": keras.random.normal(shape, dtype="float32", seed=0),
                "known": self.scaled(pictures) * (1 - holes),
                "holes": holes,
            },
            seed=1,
        )
        drawn = ops.clip((drawn + 1.0) * 127.5, 0, 255)
        return ops.where(holes > 0, drawn, pictures)

    def compute_output_shape(self, input_shape):
        return tuple(input_shape["pictures"])

    def fill_exact(self, pictures, holes, seed=0):
        """Fills pictures of the model's size.

        Args:
            pictures: uint8 array `(n, height, width, channels)`.
            holes: array `(n, height, width)`, 1 where there is a hole.
            seed: int or None.

        Returns:
            uint8 array `(n, height, width, channels)`.
        """
        known = ops.convert_to_numpy(self.scaled(pictures))
        drawn = self.generator.inpaint(
            known,
            holes,
            sampler=self._sampler(),
            steps=self.steps,
            seed=seed,
            **self._jumps(),
        )
        drawn = np.rint(np.clip((drawn + 1) * 127.5, 0, 255))
        return drawn.astype("uint8")

    def color_mode(self):
        """How files are read: `"grayscale"` or `"rgb"`."""
        return _COLOR_MODES[self.picture_shape[-1]]

    def prepare(self, x):
        pictures = x["pictures"] if isinstance(x, dict) else some_pictures(x)
        check_range(np.asarray(pictures), 0, 255)
        if tuple(pictures.shape[1:]) != self.picture_shape:
            raise ValueError(
                f"The model fills pictures of shape {self.picture_shape}. "
                f"Received: shape {tuple(pictures.shape[1:])}"
            )

    def evaluate(self, x=None, y=None, *args, return_dict=False, **kwargs):
        found = super().evaluate(x, y, *args, return_dict=return_dict, **kwargs)
        if return_dict and isinstance(x, data.Split):
            scores = self.example_scores(x)
            found.update({k: float(v.mean()) for k, v in scores.items()})
        return found

    def example_scores(self, split):
        pictures, _ = split.arrays(MEASURED)
        return self.compare(pictures.astype("uint8"))

    def input_signature(self):
        height, width, channels = self.picture_shape
        sides = {"pictures": channels, "masks": 1}
        return [
            {
                name: keras.InputSpec(
                    shape=(None, height, width, count),
                    dtype="float32",
                    name=name,
                )
                for name, count in sides.items()
            }
        ]

    def example_inputs(self, count):
        random = np.random.default_rng(0)
        shape = (count, *self.picture_shape)
        return {
            "pictures": random.integers(0, 256, shape).astype("float32"),
            "masks": drawn_holes(*shape[:3])[..., None].astype("float32"),
        }

    def get_config(self):
        return {
            "name": self.name,
            "trainable": self.trainable,
            "generator": uncompiled_config(self.generator),
            "steps": self.steps,
            "resamplings": self.resamplings,
            "jump_length": self.jump_length,
        }

    @classmethod
    def default_settings(cls):
        return {
            **optimization.SETTINGS,
            "ema": 0.99,
            "steps": 50,
            "resamplings": 4,
            "jump_length": 5,
            "image_size": None,
            "on_error": "raise",
            "validation_fraction": 0.1,
            "test_fraction": 0.1,
        }

    @classmethod
    def setting_choices(cls):
        return {**optimization.CHOICES, "on_error": ("raise", "skip")}

    @classmethod
    def recipes(cls):
        return recipes.RECIPES

    @classmethod
    def read_data(cls, path, recipe, seed, settings):
        return data.from_pictures(
            path,
            image_size=as_size(settings["image_size"] or 32),
            validation_fraction=settings["validation_fraction"],
            test_fraction=settings["test_fraction"],
            seed=seed,
            on_error=settings["on_error"],
        )

    def read_test(self, path, settings):
        return data.from_pictures(
            path,
            image_size=self.picture_shape[:2],
            validation_fraction=0,
            test_fraction=0,
            color_mode=self.color_mode(),
            on_error=settings["on_error"],
        ).train

    @classmethod
    def from_recipe(cls, recipe, splits, epochs, batch_size, **settings):
        names = ("steps", "resamplings", "jump_length")
        app = cls(
            recipe.network(splits.train.shape),
            **{name: settings[name] for name in names},
        )
        steps = epochs * data.steps(splits.train, batch_size)
        app.compile(optimization.build_optimizer(settings, steps))
        return app

    def inspectors(self, log_dir, validation_data=None, every=1, hparams=None):
        from keras_nn import callbacks

        common = super().inspectors(log_dir, validation_data, every, hparams)
        if validation_data is None:
            return common
        return [
            *common,
            callbacks.PictureComparison(log_dir, validation_data, 10 * every),
        ]

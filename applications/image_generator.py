import keras
import numpy as np
from keras import ops

from keras_nn import data
from keras_nn import models
from keras_nn.applications import image_generator_recipes as recipes
from keras_nn.applications import optimization
from keras_nn.applications.generative_application import GenerativeApplication
from keras_nn.applications.generator_folders import read_pictures
from keras_nn.applications.generator_inspectors import generator_inspectors
from keras_nn.applications.picture_preprocessing import some_pictures
from keras_nn.applications.picture_scoring import asked_scoring
from keras_nn.applications.unknown_choice import UnknownChoice
from keras_nn.applications.unknown_choice import WrongRequest
from keras_nn.models.asked import check_labels
from keras_nn.models.diffusion.sampler_names import SAMPLERS
from keras_nn.training.uncompiled_config import uncompiled_config


@keras.saving.register_keras_serializable(package="keras_nn")
class ImageGenerator(GenerativeApplication):
    """Draws pictures like those it was shown, of the classes asked for.

    `fit` takes pictures, or pictures and labels for a model with classes.

    Args:
        generator: `keras_nn.models.VAE`, `LadderVAE`, `FactorVAE`, `GAN`,
            `DiffusionModel`, `LatentGenerator`, `Flow` or `CodeGenerator`, or
            any `keras_nn.training.Model` with what is said below.
        value_range: pair of numbers. Darkest and brightest value of the
            pictures, which are scaled to the generator's range. Defaults to
            `(0, 255)`.
        class_names: list of str or None. Saved with the model.
        guidance: float. How much more than its label asks a picture is drawn
            toward its class, by a generator that can be guided, unless
            `generate` is told. Defaults to 1.

    Call arguments:
        inputs: pictures `(batch, height, width, channels)` in their range.

    Returns:
        What the generator says of them.

    Raises:
        ValueError: In `fit`, on pictures outside the stated range.

    A generator trains itself on pictures and labels, and has

    - `picture_range`: pair of numbers, the values it learns and draws;
    - `num_classes`: int or None, classes that pictures are asked by;
    - `generate(count, labels=None, seed=None, **how)`: float pictures;
    - `generation_options`: names of what `how` may hold; with `shared`, an
      int, so many pictures in succession differ in their labels alone;
    - `label_count`, if labels are something else than classes: how many there
      are, such as values of the first code of an `InfoGAN`;
    - `default_optimizer()`: what `compile` gives it;
    - `coder`, if a part of it encodes pictures: instruments show its codes.

    Example:

    >>> import numpy as np
    >>> from keras_nn.models import DenoisingUNet, DiffusionModel
    >>> from keras_nn.schedules import CosineNoise
    >>> network = DenoisingUNet((8, 8, 1), filters=[4], embedding_units=4)
    >>> app = ImageGenerator(DiffusionModel(network, CosineNoise(), clip=1.0))
    >>> app.compile()
    >>> pictures = data.load("digits").train.x[:64]
    >>> history = app.fit(pictures, verbose=0)
    >>> drawn = app.generate(3, steps=2, seed=0)
    >>> drawn.shape, drawn.dtype
    ((3, 8, 8, 1), dtype('uint8'))
    """

    def __init__(
        self,
        generator,
        value_range=(0, 255),
        class_names=None,
        guidance=1.0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        low, high = value_range
        if not low < high:
            raise ValueError(
                "`value_range` must rise, from the darkest value to the "
                f"brightest. Received: {value_range=}"
            )
        count = generator.num_classes
        if class_names is not None and len(class_names) != count:
            raise ValueError(
                "`class_names` must name every class of the generator, "
                f"{count}. Received: {len(class_names)} names"
            )
        self.generator = generator
        self.value_range = (low, high)
        self.class_names = class_names and [str(n) for n in class_names]
        self.guidance = guidance
        self.scoring = None  # in a run, `PictureScoring` if its settings say
        self.built = True

    @property
    def num_classes(self):
        """int, or None where pictures are not asked by class."""
        return self.generator.num_classes

    @property
    def label_count(self):
        """int, labels that pictures are asked by; or None."""
        return getattr(self.generator, "label_count", self.num_classes)

    def scaled(self, pictures):
        """Pictures in the range of the generator."""
        low, high = self.value_range
        least, most = self.generator.picture_range
        pictures = ops.cast(pictures, "float32")
        return (pictures - low) * ((most - least) / (high - low)) + least

    def call(self, inputs, training=None):
        if not isinstance(inputs, dict):
            inputs = self.scaled(inputs)
        return self.generator(inputs, training=training)

    def compute_output_shape(self, input_shape):
        return self.generator.compute_output_shape(input_shape)

    def fit(self, x=None, y=None, *args, **kwargs):
        split = x.train if isinstance(x, data.Splits) else x
        labels = split.y if isinstance(split, data.Split) else y
        check_labels(labels, self.num_classes)
        return super().fit(x, y, *args, **kwargs)

    def prepare(self, x):
        pictures = some_pictures(x)
        low, high = self.value_range
        if pictures.min() < low or pictures.max() > high:
            raise ValueError(
                f"pictures must have values from {low} to {high}, or "
                "`value_range` must say otherwise. Received: values from "
                f"{pictures.min()} to {pictures.max()}"
            )

    def generate(self, count, labels=None, seed=None, **how):
        """Draws pictures, in the range of those that were learnt.

        Args:
            count: int. How many.
            labels: class, or classes `(count,)`: names or numbers. None means
                any.
            seed: int or None. The same seed gives the same pictures.
            **how: of the generator's `generation_options`: `guidance`, which
                defaults to the application's own where labels are given,
                `sampler`, by its name or an object, `steps`, and `moments` of
                each way out of noise; or `temperature`. None means its
                default.

        Returns:
            Array `(count, height, width, channels)`: uint8 where the range is
            0 to 255, else float32; `(count, moments, ...)` where asked.
        """
        options = self.generator.generation_options
        how = {name: value for name, value in how.items() if value is not None}
        for name, value in how.items():
            if name not in options:
                raise WrongRequest(
                    f"A {type(self.generator).__name__} draws with "
                    f"{', '.join(options) or 'no options'}. "
                    f"Received: {name}={value!r}"
                )
        sampler = how.get("sampler")
        if isinstance(sampler, str) and sampler not in SAMPLERS:
            raise UnknownChoice("sampler", sampler, SAMPLERS)
        if labels is not None and "guidance" in options:
            how = {"guidance": self.guidance, **how}
        drawn = self.generator.generate(
            count, labels=self._numbers(labels), seed=seed, **how
        )
        low, high = self.value_range
        least, most = self.generator.picture_range
        drawn = (np.clip(drawn, least, most) - least) / (most - least)
        drawn = low + drawn * (high - low)
        if (low, high) == (0, 255):
            return np.rint(drawn).astype("uint8")
        return drawn.astype("float32")

    def _numbers(self, labels):
        if labels is None or not np.asarray(labels).dtype.kind == "U":
            return labels
        names = self.class_names or [
            str(n) for n in range(self.label_count or 0)
        ]
        if not names:
            raise WrongRequest(
                "The pictures of this generator cannot be asked by label. "
                f"Received: {labels=}"
            )
        for name in np.ravel(labels):
            if name not in names:
                raise WrongRequest(
                    f"`labels` must be of {names}. Received: {str(name)!r}"
                )
        return np.vectorize(names.index)(labels)

    def generate_file(self, path, count=64, labels=None, seed=0, **how):
        """Draws pictures into one picture file, in rows.

        Args:
            path: str. The file, e.g. `grid.png`.
            count: int. How many pictures.
            labels: list of names of classes, or numbers of what else pictures
                are asked by; taken in turn, a column for each. None means all,
                where there are some. Where the generator can, the pictures of
                a row differ in their labels alone.
            seed: as in `generate`.
            **how: likewise.
        """
        from PIL import Image

        from keras_nn.callbacks.drawing import picture_grid

        columns = int(np.ceil(np.sqrt(count)))
        if labels is None and self.label_count:
            labels = list(range(self.label_count))
        if labels is not None:
            columns = min(len(labels), count)
            labels = np.resize(np.asarray(labels), count)
            if "shared" in self.generator.generation_options:
                how = {**how, "shared": columns}
        drawn = self.generate(count, labels, seed, **how)
        low, high = self.value_range
        pixels = (drawn.astype("float32") - low) * (255 / (high - low))
        pixels = np.rint(pixels).astype("uint8")
        pixels = np.broadcast_to(pixels, (*pixels.shape[:3], 3))
        Image.fromarray(picture_grid(pixels, columns)).save(path)

    def get_config(self):
        return {
            "name": self.name,
            "trainable": self.trainable,
            "generator": uncompiled_config(self.generator),
            "value_range": self.value_range,
            "class_names": self.class_names,
            "guidance": self.guidance,
        }

    @classmethod
    def default_settings(cls):
        return {
            **optimization.SETTINGS,
            **recipes.SETTINGS,
            "guidance": 1.0,
            "image_size": None,
            "on_error": "raise",
            "scores": "none",
            "extractor_weights": None,
            "validation_fraction": 0.1,
            "test_fraction": 0.1,
        }

    @classmethod
    def setting_choices(cls):
        return {
            **optimization.CHOICES,
            "on_error": ("raise", "skip"),
            "scores": ("none", *models.EXTRACTORS),
        }

    @classmethod
    def recipes(cls):
        return recipes.RECIPES

    @classmethod
    def read_data(cls, path, recipe, seed, settings):
        return read_pictures(path, recipe, seed, settings)

    @classmethod
    def from_recipe(cls, recipe, splits, epochs, batch_size, **settings):
        generator = recipes.build_network(
            recipe, splits.train.shape, splits.num_classes
        )
        app = cls(
            generator,
            class_names=splits.class_names if generator.num_classes else None,
            guidance=settings["guidance"],
        )
        steps = epochs * data.steps(splits.train, batch_size)
        app.compile(recipes.build_optimizer(app.generator, settings, steps))
        app.scoring = asked_scoring(app, splits, settings)
        return app

    def split_scores(self, splits, settings):
        scoring = self.scoring or asked_scoring(self, splits, settings)
        return scoring.scores(self, splits.test) if scoring else {}

    def predict_path(self, path, top=1):
        raise WrongRequest(
            "An image generator says nothing of files; it draws: "
            f"`keras-nn generate RUN --output grid.png`. Received: {path}"
        )

    def export(self, filepath, format="saved_model", **kwargs):
        raise WrongRequest(
            "An image generator draws in many steps, which no format of "
            f"export holds. Received: format={format!r}"
        )

    def inspectors(self, log_dir, validation_data=None, every=1, hparams=None):
        common = super().inspectors(log_dir, validation_data, every, hparams)
        return common + generator_inspectors(
            self, log_dir, validation_data, every
        )

from pathlib import Path

import keras
import numpy as np

from keras_nn import data
from keras_nn import models
from keras_nn.applications import optimization
from keras_nn.applications import style_transfer_recipes as recipes
from keras_nn.applications.generative_application import GenerativeApplication
from keras_nn.applications.picture_application import as_size
from keras_nn.applications.picture_files import picture_files
from keras_nn.applications.picture_masks import read_picture
from keras_nn.applications.style_optimization import optimize_style
from keras_nn.training.uncompiled_config import uncompiled_config

_MULTIPLE = 4  # of height and width, for networks that halve twice


@keras.saving.register_keras_serializable(package="keras_nn")
class StyleTransfer(GenerativeApplication):
    """Pictures to the same pictures in the style of another one.

    In one pass through a network that `fit` has trained for the style
    (Johnson et al.), by `stylize`; or without any training, by descending the
    same loss over the pixels of one picture (Gatys et al.), by `optimize`.

    Args:
        generator: `keras_nn.models.PerceptualTransfer`: the network, the
            features that say what content and style are, and the style.

    Call arguments:
        inputs: pictures `(batch, height, width, channels)`, 0 to 255; `fit`
            needs no targets.

    Returns:
        Float pictures of the same shape and range.

    Example:

    >>> from keras_nn.applications.style_transfer_recipes import style_features
    >>> app = StyleTransfer(models.PerceptualTransfer(
    ...     models.TransformNetwork(filters=2, num_blocks=1),
    ...     style_features("random"),
    ...     data.photograph("flower")[:64, :64],
    ... ))
    >>> app.compile()
    >>> china = data.photograph("china")[:30, :50]
    >>> history = app.fit(china[None, :28, :48], verbose=0)
    >>> app.stylize([china])[0].shape, app.optimize(china, steps=2)[0].dtype
    ((30, 50, 3), dtype('uint8'))

    Reference:
        [Johnson et al., 2016](https://arxiv.org/abs/1603.08155);
        [Gatys et al., 2016](https://doi.org/10.1109/CVPR.2016.265)
    """

    writes_files = True

    def __init__(self, generator, **kwargs):
        super().__init__(**kwargs)
        self.generator = generator
        self.built = True

    def scaled(self, x):
        return keras.ops.cast(x, "float32")

    def call(self, inputs, training=None):
        return self.generator(inputs, training=training)

    def compute_output_shape(self, input_shape):
        return self.generator.compute_output_shape(input_shape)

    def stylize(self, images):
        """Redraws pictures of any size, each as a whole.

        Args:
            images: array `(n, height, width, channels)`, or a list of arrays
                `(height, width, channels)`; 0 to 255, at least 16 pixels high
                and wide.

        Returns:
            A list of uint8 arrays of the same shapes.

        Raises:
            ValueError: if a picture is smaller, or has other channels.
        """
        return [self._stylized(np.asarray(image)) for image in images]

    def _stylized(self, picture):
        channels = np.shape(self.generator.style)[-1]
        if (
            picture.ndim != 3
            or picture.shape[-1] != channels
            or min(picture.shape[:2]) < 16
        ):
            raise ValueError(
                f"Pictures must have {channels} channels and be at least 16 "
                f"pixels high and wide. Received: shape {picture.shape}"
            )
        height, width = picture.shape[:2]
        rest = [(0, -side % _MULTIPLE) for side in (height, width)]
        whole = np.pad(picture, [*rest, (0, 0)], mode="reflect")
        drawn = self.predict_on_batch(whole[None].astype("float32"))[0]
        return np.rint(drawn[:height, :width]).astype("uint8")

    def optimize(self, picture, **how):
        """Redraws one picture by descending the loss over its pixels.

        Args:
            picture: array `(height, width, channels)`, 0 to 255.
            **how: `steps`, `learning_rate`, `start` and `seed` of
                `keras_nn.applications.style_optimization.optimize_style`.

        Returns:
            `(picture, losses)`: uint8 array of the same shape, and a dict of
            arrays `(steps,)`.
        """
        return optimize_style(self.generator, picture, **how)

    def comparison(self, x, y):
        """Rows of content, redrawn picture and style, for `PictureComparison`.

        Args:
            x: array of pictures `(n, height, width, channels)`.
            y: anything.
        """
        style = np.asarray(self.generator.style).astype("uint8")
        return [
            [
                ("content", np.asarray(content).astype("uint8")),
                ("redrawn", drawn),
                ("style", style),
            ]
            for content, drawn in zip(x, self.stylize(x), strict=True)
        ]

    def predict_path(self, path, top=1, folder=None, steps=None):
        """Writes each picture under a path in the style that was learnt.

        With `steps` each is optimised by itself, as Gatys et al. do, instead
        of redrawn in one pass of what was trained.

        Args:
            path: str. A picture or a folder.
            top: int. Has no meaning here.
            folder: str. Where to write `<name>_styled.png`. Defaults to
                `styled` in the current folder.
            steps: int or None. Of `optimize`.

        Returns:
            A list of dicts, one a picture: `file`, `styled`, and with `steps`
            `first loss` and `last loss`.
        """
        from PIL import Image

        folder = Path(folder or "styled")
        folder.mkdir(parents=True, exist_ok=True)
        rows = []
        for number, file in enumerate(picture_files(path)):
            picture, row = read_picture(file, "rgb"), {}
            if steps is None:
                (drawn,) = self.stylize([picture])
            else:
                drawn, losses = self.optimize(picture, steps=steps)
                for name, index in (("first loss", 0), ("last loss", -1)):
                    row[name] = round(float(losses["loss"][index]), 6)
            target = folder / f"{number:04d}_{Path(file).stem}_styled.png"
            Image.fromarray(drawn).save(target)
            rows.append({"file": file, "styled": str(target), **row})
        return rows

    def input_signature(self):
        shape = self.generator.network.input_shape
        return [keras.InputSpec(shape=shape, dtype="float32", name="pictures")]

    def example_inputs(self, count):
        shape = [side or 32 for side in self.generator.network.input_shape[1:]]
        generator = np.random.default_rng(0)
        return generator.integers(0, 256, (count, *shape)).astype("float32")

    def get_config(self):
        return {
            "name": self.name,
            "trainable": self.trainable,
            "generator": uncompiled_config(self.generator),
        }

    @classmethod
    def from_config(cls, config):
        generator = keras.saving.deserialize_keras_object(config["generator"])
        return cls(**{**config, "generator": generator})

    @classmethod
    def default_settings(cls):
        return {
            **optimization.SETTINGS,
            **recipes.SETTINGS,
            "image_size": None,
            "on_error": "raise",
            "validation_fraction": 0.1,
            "test_fraction": 0.1,
        }

    @classmethod
    def setting_choices(cls):
        return {
            **optimization.CHOICES,
            "features": recipes.FEATURES,
            "on_error": ("raise", "skip"),
        }

    @classmethod
    def recipes(cls):
        return recipes.RECIPES

    @classmethod
    def read_data(cls, path, recipe, seed, settings):
        return data.from_pictures(
            path,
            image_size=as_size(settings["image_size"] or 128),
            validation_fraction=settings["validation_fraction"],
            test_fraction=settings["test_fraction"],
            seed=seed,
            color_mode="rgb",
            on_error=settings["on_error"],
        )

    def read_test(self, path, settings):
        fractions = {"validation_fraction": 0, "test_fraction": 0}
        settings = {**settings, **fractions}
        return self.read_data(path, None, 0, settings).train

    @classmethod
    def from_recipe(cls, recipe, splits, epochs, batch_size, **settings):
        app = cls(
            models.PerceptualTransfer(
                models.TransformNetwork(
                    filters=settings["filters"],
                    num_blocks=settings["num_blocks"],
                    residual=settings["residual"],
                ),
                recipes.style_features(
                    settings["features"], settings["weights"]
                ),
                recipes.style_picture(
                    settings["style"], settings["style_size"]
                ),
                content_weight=settings["content_weight"],
                style_weight=settings["style_weight"],
                variation_weight=settings["variation_weight"],
            )
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
            callbacks.PictureComparison(log_dir, validation_data, every),
        ]

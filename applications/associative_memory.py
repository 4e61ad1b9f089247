from pathlib import Path

import keras
import numpy as np
from keras import ops

from keras_nn import data
from keras_nn.applications import associative_memory_recipes as recipes
from keras_nn.applications.generative_application import GenerativeApplication
from keras_nn.applications.picture_files import how_to_read
from keras_nn.applications.picture_files import picture_files
from keras_nn.applications.unknown_choice import WrongRequest
from keras_nn.training.uncompiled_config import uncompiled_config


@keras.saving.register_keras_serializable(package="keras_nn")
class AssociativeMemory(GenerativeApplication):
    """Stores pictures, and recalls them from noisy or covered ones.

    `fit(pictures)` stores them in one pass. `evaluate` recalls pictures of
    which a share of the pixels was turned into its opposite: `loss` is the
    share of pixels that are wrong then, `recalled` that of pictures without a
    wrong pixel.

    Args:
        memory: `keras_nn.models.HopfieldNetwork`, which knows black and
            white, or `DenseMemory`, which keeps greys and many more pictures.
        value_range: pair of numbers. Darkest and brightest value of pictures.
            Defaults to `(0, 255)`.
        class_names: list of str or None.

    Call arguments:
        inputs: pictures `(batch, height, width, channels)`.

    Returns:
        The recalled pictures, in the range of the inputs.

    Raises:
        ValueError: If the range does not rise; in `fit`, on pictures that are
            all of one grey, or outside of the range.

    Example:

    >>> from keras_nn.models import HopfieldNetwork
    >>> patterns = data.load("digit-patterns")
    >>> app = AssociativeMemory(HopfieldNetwork((8, 8, 1), noise=0.1))
    >>> app.compile()
    >>> history = app.fit(patterns, verbose=0)
    >>> covered = app.covered(patterns.test.x, 0.2)
    >>> app.recall(covered).shape
    (10, 8, 8, 1)
    """

    writes_files = True

    def __init__(
        self, memory, value_range=(0, 255), class_names=None, **kwargs
    ):
        super().__init__(**kwargs)
        low, high = value_range
        if not low < high:
            raise ValueError(
                "`value_range` must rise, from the darkest value to the "
                f"brightest. Received: {value_range=}"
            )
        self.memory = memory
        self.value_range = (low, high)
        self.class_names = class_names and [str(n) for n in class_names]
        self.built = True

    @property
    def generator(self):
        """The memory."""
        return self.memory

    @property
    def binary(self):
        """bool. Whether the memory knows black and white only."""
        return hasattr(self.memory, "rule")

    def scaled(self, pictures):
        """Pictures as the memory stores them: from -1 to 1."""
        low, high = self.value_range
        pictures = ops.cast(pictures, "float32")
        values = (pictures - low) * (2.0 / (high - low)) - 1.0
        if self.binary:
            return ops.where(values > 0, 1.0, -1.0)
        return values

    def unscaled(self, values):
        """Pictures in their range: float32."""
        low, high = self.value_range
        values = ops.clip(ops.cast(values, "float32"), -1.0, 1.0)
        return low + (values + 1.0) * (0.5 * (high - low))

    def call(self, inputs, training=None):
        return self.unscaled(self.memory(self.scaled(inputs)))

    def compute_output_shape(self, input_shape):
        return tuple(input_shape)

    def prepare(self, x):
        pictures = x.x if isinstance(x, data.Split) else x
        if not isinstance(pictures, np.ndarray) or not len(pictures):
            return
        low, high = self.value_range
        if pictures.min() < low or pictures.max() > high:
            raise ValueError(
                f"pictures must have values from {low} to {high}, or "
                "`value_range` must say otherwise. Received: values from "
                f"{pictures.min()} to {pictures.max()}"
            )
        flat = np.asarray(self.scaled(pictures)).reshape(len(pictures), -1)
        still = np.flatnonzero(np.ptp(flat, axis=1) == 0)
        if len(still):
            raise ValueError(
                "A picture of a single grey has nothing to recall it by. "
                f"Received: such pictures at {still[:10].tolist()}"
            )

    def covered(self, pictures, share=0.5):
        """Pictures with a share of their rows, the lower ones, made grey.

        Args:
            pictures: array `(n, height, width, channels)`.
            share: float in (0, 1).

        Returns:
            An array of the dtype of `pictures`.
        """
        pictures = np.array(pictures)
        rows = round(share * pictures.shape[1])
        pictures[:, pictures.shape[1] - rows :] = sum(self.value_range) / 2
        return pictures

    def noisy(self, pictures, share=0.2, seed=0):
        """Pictures in which a share of the pixels is its opposite.

        Args:
            pictures: array `(n, height, width, channels)`.
            share: float in (0, 1).
            seed: int. Of the choice.

        Returns:
            An array of the dtype of `pictures`.
        """
        pictures = np.array(pictures)
        drawn = np.random.default_rng(seed).uniform(size=pictures.shape)
        turned = (sum(self.value_range) - pictures).astype(pictures.dtype)
        return np.where(drawn < share, turned, pictures)

    def recall(self, pictures, steps=None, with_energy=False):
        """What the memory makes of pictures.

        Args:
            pictures: array `(n, height, width, channels)`. A value in the
                middle of the range is unknown.
            steps: int or None. Sweeps; those of the memory by default.
            with_energy: bool. Whether to return energies, too.

        Returns:
            Array of pictures, uint8 where the range is 0 to 255; with
            `with_energy` a pair of it and of energies `(n, steps + 1)`.
        """
        low, high = self.value_range
        values = np.asarray(pictures, "float32")
        values = (values - low) * (2.0 / (high - low)) - 1.0
        # Half a level about the middle is unknown.
        values = np.where(np.abs(values) < 0.005, 0.0, values)
        values = np.sign(values) if self.binary else values
        states, energies = self.memory.recall(values, steps)
        found = ops.convert_to_numpy(self.unscaled(states))
        if (low, high) == (0, 255):
            found = np.rint(found).astype("uint8")
        return (found, energies) if with_energy else found

    def predict_path(self, path, top=1, folder=None):
        """Writes what is recalled of each picture under a path.

        Args:
            path: str. A picture or a folder.
            top: int. Has no meaning for memories.
            folder: str. Where to write `<name>_recalled.png`. Defaults to
                `recalled` in the current folder.

        Returns:
            A list of dicts, one a picture: `file`, `recalled`, the energies
            before and after, and the share of pixels that changed.
        """
        from PIL import Image

        folder = Path(folder or "recalled")
        folder.mkdir(parents=True, exist_ok=True)
        shape = (None, *self.memory.example_shape)
        read, rows = data.ImageReader(**how_to_read(shape)), []
        for file in picture_files(path):
            picture = np.asarray(read(file))[None]
            found, energies = self.recall(picture, with_energy=True)
            written = folder / f"{Path(file).stem}_recalled.png"
            Image.fromarray(np.squeeze(found[0])).save(written)
            seen = np.asarray(self.scaled(picture))
            changed = np.abs(seen - np.asarray(self.scaled(found))) > 0.5
            rows.append(
                {
                    "file": file,
                    "recalled": str(written),
                    "energy_before": round(float(energies[0, 0]), 3),
                    "energy_after": round(float(energies[0, -1]), 3),
                    "changed": round(float(changed.mean()), 4),
                }
            )
        return rows

    def get_config(self):
        return {
            "name": self.name,
            "trainable": self.trainable,
            "memory": uncompiled_config(self.memory),
            "value_range": self.value_range,
            "class_names": self.class_names,
        }

    @classmethod
    def from_config(cls, config):
        memory = keras.saving.deserialize_keras_object(config["memory"])
        return cls(**{**config, "memory": memory})

    @classmethod
    def default_settings(cls):
        return {"noise": 0.1, "image_size": None}

    @classmethod
    def recipes(cls):
        return recipes.RECIPES

    @classmethod
    def read_data(cls, path, recipe, seed, settings):
        size = settings["image_size"]
        splits = data.from_directory(
            path,
            image_size=(size, size) if isinstance(size, int) else size,
            validation_fraction=0.0,
            test_fraction=0.0,
            seed=seed,
        )
        whole = data.Split(*splits.train.arrays())
        return data.Splits(
            whole,
            whole,
            whole,
            class_names=splits.class_names,
            name=splits.name,
            source=splits.source,
            description="A memory is measured on what it stores.",
        )

    @classmethod
    def from_recipe(cls, recipe, splits, epochs, batch_size, **settings):
        count = len(splits.train)
        memory = recipe.network(splits.train.shape, count, settings["noise"])
        app = cls(memory, class_names=splits.class_names)
        app.compile()
        return app

    def export(self, filepath, format="saved_model", **kwargs):
        raise WrongRequest(
            "A memory recalls in loops, which no format of export holds. "
            f"Received: format={format!r}"
        )

    def inspectors(self, log_dir, validation_data=None, every=1, hparams=None):
        from keras_nn import callbacks

        common = super().inspectors(log_dir, validation_data, every, hparams)
        if not isinstance(validation_data, data.Split):
            return common
        shown = validation_data.arrays(10)[0]
        return [*common, callbacks.RecallPictures(log_dir, shown, every)]

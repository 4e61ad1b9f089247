from pathlib import Path

import keras
import numpy as np

from keras_nn import data
from keras_nn import metrics
from keras_nn.applications.picture_files import how_to_read
from keras_nn.applications.picture_files import picture_files
from keras_nn.applications.unknown_choice import WrongRequest
from keras_nn.data.displayable import displayable
from keras_nn.layers import NoiseDropout


class PictureTranslation:
    """What an application that translates does with pictures and files.

    A mixin for a `keras.Model` from pictures to pictures, both of 0 to 255,
    whose `generator` has `translate`.
    """

    writes_files = True

    def translate_pictures(self, pictures, seed=None, back=False):
        """Translates pictures.

        Args:
            pictures: array `(n, height, width, channels)`, 0 to 255.
            seed: int or None. Of the noise, if the generator has any.
            back: bool. From targets to inputs, by a model that learnt both.

        Returns:
            A uint8 array `(n, height, width, channels)`.

        Raises:
            ValueError: If the pictures have another shape, or no way back was
                learnt.
        """
        if back and not self.has_way_back:
            raise ValueError(
                "Only a model that learnt both ways translates back. "
                f"Received: back=True of a {type(self.generator).__name__}"
            )
        network = self.generator
        network = network.back_generator if back else network.generator
        shape, pictures = network.input_shape[1:], np.asarray(pictures)
        if pictures.shape[1:] != shape:
            raise ValueError(
                f"Pictures must have the shape {shape}. "
                f"Received: {pictures.shape[1:]}"
            )
        how = {"back": True} if back else {}
        scaled = np.asarray(self.scaled(pictures))
        drawn = self.generator.translate(scaled, seed=seed, **how)
        drawn = np.asarray(self.unscaled(drawn))
        return np.rint(np.clip(drawn, 0, 255)).astype("uint8")

    def comparison(self, x, y):
        """Rows of input, output and more, for `PictureComparison`.

        Args:
            x: array of inputs, or a dict of `inputs` and `targets`.
            y: array of targets; anything, beside a dict.

        Returns:
            A list of rows: `input`, `output`; the output translated back
            where that was learnt; the target, where there is one for it.
        """
        x, y = as_sides(x, y)
        columns = {"input": x, "output": self.translate_pictures(x, seed=0)}
        if self.has_way_back:
            columns["and back"] = self.translate_pictures(
                columns["output"], back=True
            )
        if self.measures_pairs:
            scores = self._scores(y, columns["output"])["psnr"]
            columns["target"] = y
        rows = []
        for index in range(len(x)):
            row = []
            for name, pictures in columns.items():
                caption = name
                if name == "output" and self.measures_pairs:
                    caption = f"{name}\n{scores[index]:.1f} dB"
                shown = displayable(pictures[index : index + 1])[0]
                row.append((caption, shown))
            rows.append(row)
        return rows

    def example_scores(self, split):
        if not self.measures_pairs:
            return {}
        x, y = as_sides(*split.arrays())
        drawn = self.predict(x, batch_size=32, verbose=0)
        return self._scores(y, np.clip(drawn, 0, 255))

    def _scores(self, y, drawn):
        window = self.score_trackers[1].window
        parts = [slice(k, k + 64) for k in range(0, len(y), 64)]
        return {
            name: np.concatenate(
                [np.asarray(of(y[p], drawn[p], 255.0, *more)) for p in parts]
            )
            for name, of, more in (
                ("psnr", metrics.peak_signal_to_noise, ()),
                ("ssim", metrics.structural_similarity, (window,)),
            )
        }

    def predict_path(self, path, top=1, folder=None):
        """Writes what each picture under a path becomes.

        Args:
            path: str. A picture or a folder.
            top: int. Has no meaning here.
            folder: str. Where to write `<name>_translated.png`. Defaults to
                `translated` in the current folder.

        Returns:
            A list of dicts, one a picture: `file`, `translated`.
        """
        from PIL import Image

        folder = Path(folder or "translated")
        folder.mkdir(parents=True, exist_ok=True)
        shape = self.generator.generator.input_shape
        read, rows = data.ImageReader(**how_to_read(shape)), []
        for number, file in enumerate(picture_files(path)):
            (drawn,) = self.translate_pictures(read(file)[None], seed=0)
            target = folder / f"{number:04d}_{Path(file).stem}_translated.png"
            pixels = drawn[..., 0] if drawn.shape[-1] == 1 else drawn
            Image.fromarray(pixels).save(target)
            rows.append({"file": file, "translated": str(target)})
        return rows

    def input_signature(self):
        shape = self.generator.generator.input_shape
        return [keras.InputSpec(shape=shape, dtype="float32", name="pictures")]

    def example_inputs(self, count):
        shape = self.generator.generator.input_shape[1:]
        shape = [side or 64 for side in shape]
        generator = np.random.default_rng(0)
        return generator.integers(0, 256, (count, *shape)).astype("float32")

    def export(self, filepath, format="saved_model", **kwargs):
        layers = self.generator.generator._flatten_layers()
        if any(isinstance(layer, NoiseDropout) for layer in layers):
            raise WrongRequest(
                "A generator with noise draws another picture each time, which "
                "no export can be checked for; train it with `--set "
                f"noise=False`. Received: {format=}"
            )
        super().export(filepath, format, **kwargs)


def as_sides(x, y=None):
    """`(inputs, targets)` of arrays, or of a dict that holds both."""
    if isinstance(x, dict):
        return x["inputs"], x["targets"]
    return x, y

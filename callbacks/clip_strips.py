import numpy as np
import tensorflow as tf

from keras_nn.callbacks.classifier_instrument import ClassifierInstrument
from keras_nn.callbacks.drawing import BAD
from keras_nn.callbacks.drawing import GOOD
from keras_nn.callbacks.drawing import INK
from keras_nn.callbacks.drawing import Canvas
from keras_nn.callbacks.validation_sample import ValidationSample
from keras_nn.data.displayable import displayable
from keras_nn.data.displayable import resize

_GAP, _LINE, _HEAD = 10, 20, 30


class ClipStrips(ClassifierInstrument):
    """Shows the clips on which a classifier loses most, frame by frame.

    A strip is a clip, its frames from left to right. Above it stand the true
    class with the probability that the model gives it, green where it is the
    prediction and red where it is not, and the predicted class with its own.

    Read it for: what the remaining mistakes have in common, such as motions
    that look alike between two of the frames taken, and wrong labels.

    Args:
        log_dir: str or path. Where TensorBoard looks.
        sample: `ValidationSample` with clips `(examples, frames, height,
            width, 1 or 3)`, or anything `ValidationSample.of` takes.
        every: int. Write once per this many epochs. Defaults to 1.
        count: int. How many clips. Defaults to 8.
        frames: int. At most so many frames of each. Defaults to 8.
        side: int. Height of a frame, in pixels. Defaults to 72.

    Raises:
        ValueError: If the sample has no clips, or a number is not positive.

    Writes to `log_dir/validation`, at the epoch's index:
        `clips`: image, the worst first.

    Example:

    >>> import keras, pathlib, tempfile
    >>> from keras_nn.testing import read_events
    >>> layers = [keras.Input((4, 8, 8, 1)), keras.layers.Flatten()]
    >>> model = keras.Sequential([*layers, keras.layers.Dense(3, "softmax")])
    >>> model.compile("sgd", "sparse_categorical_crossentropy")
    >>> x, y = np.random.rand(6, 4, 8, 8, 1), np.arange(6) % 3
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> strips = ClipStrips(folder, (x, y))
    >>> _ = model.fit(x, y, verbose=0, callbacks=[strips])
    >>> "clips" in read_events(folder)["validation"]
    True
    """

    def __init__(self, log_dir, sample, every=1, count=8, frames=8, side=72):
        sample = ValidationSample.of(sample, limit=128, batch_size=16)
        super().__init__(log_dir, sample, every)
        if min(count, frames, side) < 1:
            raise ValueError(
                "`count`, `frames` and `side` must be positive. "
                f"Received: {count=}, {frames=}, {side=}"
            )
        shape = np.shape(self.sample.x)
        if len(shape) != 5 or shape[-1] not in (1, 3):
            raise ValueError(
                "the sample needs clips (examples, frames, height, width, 1 or "
                f"3). Received: shape {shape}"
            )
        self.count = count
        self.frames = frames
        self.side = side

    def report(self, epoch, probabilities):
        labels = self.sample.labels
        names = self.sample.names(probabilities.shape[1])
        predicted = probabilities.argmax(axis=1)
        of_truth = probabilities[np.arange(len(labels)), labels]
        worst = np.argsort(of_truth, kind="stable")[: self.count]
        strips = [
            strip(self.sample.x[i], self.frames, self.side) for i in worst
        ]
        height, width = strips[0].shape[:2]
        row = _LINE + height + _GAP
        sheet = Canvas(_HEAD + row * len(strips), width + 2 * _GAP)
        right = (predicted == labels).mean()
        title = f"epoch {epoch}, {right:.1%} of {len(labels)} clips right"
        sheet.text(_GAP, 8, title, 15, width=width)
        for number, (index, picture) in enumerate(
            zip(worst, strips, strict=True)
        ):
            y = _HEAD + row * number
            good = predicted[index] == labels[index]
            sheet.text(
                _GAP,
                y + 2,
                f"is {names[labels[index]]} ({of_truth[index]:.0%})",
                colour=GOOD if good else BAD,
            )
            said = names[predicted[index]]
            sheet.text(
                _GAP + width,
                y + 2,
                f"said {said} ({probabilities[index].max():.0%})",
                colour=INK,
                anchor="ra",
            )
            sheet.paste(_GAP, y + _LINE, picture)
        tf.summary.image("clips", sheet.pixels[None])


def strip(clip, frames, side):
    """Frames of a clip side by side: uint8 `(side, width, 3)`.

    Args:
        clip: array `(frames, height, width, 1 or 3)`.
        frames: int. At most so many, at equal distances.
        side: int. Height, in pixels.
    """
    count = min(frames, len(clip))
    at = np.linspace(0, len(clip) - 1, count).round().astype(int)
    shown = displayable(np.asarray(clip)[at])
    width = max(1, round(side * shown.shape[2] / shown.shape[1]))
    gap = np.full((side, 2, 3), 255, "uint8")
    parts = []
    for frame in shown:
        parts += [resize(frame, side, width), gap]
    return np.concatenate(parts[:-1], axis=1)

import numpy as np
import tensorflow as tf

from keras_nn.callbacks.classifier_instrument import ClassifierInstrument
from keras_nn.callbacks.drawing import BAD
from keras_nn.callbacks.drawing import GOOD
from keras_nn.callbacks.drawing import captioned_grid


class WorstExamples(ClassifierInstrument):
    """Shows the pictures on which a classifier loses most.

    The loss of an example is `-log p(true class)`, in nats.

    Read it for: wrong labels (the model is right and the caption's first
    line is not), pictures that no person could tell, and what the remaining
    mistakes have in common. A caption reads: the true class with the
    probability that the model gives it, green where it is the prediction and
    red where it is not; below it the predicted class with its probability.

    Args:
        log_dir: str or path. Where TensorBoard looks.
        sample: `ValidationSample` with pictures, or anything
            `ValidationSample.of` takes.
        every: int. Write once per this many epochs. Defaults to 1.
        count: int. How many pictures. Defaults to 18.

    Raises:
        ValueError: If the sample has no pictures, or `count` is not positive.

    Writes to `log_dir/validation`, at the epoch's index:
        `worst_examples`: image, the worst first, row by row.

    Example:

    >>> import keras, pathlib, tempfile
    >>> from keras_nn.testing import read_events
    >>> layers = [keras.layers.Conv2D(2, 3), keras.layers.Flatten()]
    >>> layers = [keras.Input((8, 8, 1)), *layers]
    >>> model = keras.Sequential([*layers, keras.layers.Dense(3, "softmax")])
    >>> model.compile("sgd", "sparse_categorical_crossentropy")
    >>> x, y = np.random.rand(6, 8, 8, 1).astype("float32"), np.arange(6) % 3
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> instrument = WorstExamples(folder, (x, y))
    >>> _ = model.fit(x, y, verbose=0, callbacks=[instrument])
    >>> tag = "worst_examples"
    >>> tag in read_events(folder)["validation"]
    True"""

    def __init__(self, log_dir, sample, every=1, count=18):
        super().__init__(log_dir, sample, every)
        if count < 1:
            raise ValueError(f"`count` must be positive. Received: {count=}")
        self.sample.require_pictures()
        self.count = count

    def report(self, epoch, probabilities):
        labels = self.sample.labels
        names = self.sample.names(probabilities.shape[1])
        predicted = probabilities.argmax(axis=1)
        of_truth = probabilities[np.arange(len(labels)), labels]
        worst = np.argsort(of_truth, kind="stable")[: self.count]

        pictures = self.sample.pictures
        captions = [
            f"is {names[labels[i]]} ({of_truth[i]:.0%})\n"
            f"said {names[predicted[i]]} ({probabilities[i].max():.0%})"
            for i in worst
        ]
        inks = [GOOD if labels[i] == predicted[i] else BAD for i in worst]
        losses = -np.log(np.maximum(of_truth[worst], 1e-30))
        title = (
            f"epoch {epoch}, losses from {losses[0]:.3g} to {losses[-1]:.3g}"
        )
        grid = captioned_grid(
            _rows([pictures[i] for i in worst]),
            _rows(captions),
            title,
            colours=_rows(inks),
        )
        tf.summary.image("worst_examples", grid[None])


def _rows(items, columns=6):
    return [
        items[start : start + columns]
        for start in range(0, len(items), columns)
    ]

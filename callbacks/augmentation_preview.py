import keras
import numpy as np
import tensorflow as tf

from keras_nn.callbacks.drawing import captioned_grid
from keras_nn.callbacks.instrument import Instrument
from keras_nn.callbacks.validation_sample import ValidationSample
from keras_nn.data.displayable import displayable

_TILE = 112


class AugmentationPreview(Instrument):
    """Shows pictures and labels as training shows them to the network.

    On top are a few pictures as they are, below them what a policy, mixing,
    preprocessing and augmentation make of them, drawn anew for each row. The
    draws disturb none of the training's.

    Read it for: pictures in which you cannot tell the class any more (too
    strong), labels that no longer fit (a 6 turned into a 9), black frames,
    colours that nature does not have.

    Args:
        log_dir: str or path. Where TensorBoard looks.
        sample: `ValidationSample` with pictures, or anything
            `ValidationSample.of` takes, such as `(x, y)` of training data.
        every: int. Write once per this many epochs. Defaults to 5.
        count: int. How many pictures. Defaults to 8.
        draws: int. How many rows of draws. Defaults to 4.

    Raises:
        ValueError: If the sample has no pictures, or a number is less than 1;
            in training, if the model has no method `augmented`, as
            `ImageClassifier` has.

    Writes to `log_dir/train`, at the epoch's index:
        `augmentation`: image. A column per picture.

    Example:

    >>> import keras, pathlib, tempfile
    >>> from keras_nn.applications import ImageClassifier
    >>> from keras_nn.layers import RandAugment
    >>> from keras_nn.models import MLP
    >>> from keras_nn.testing import read_events
    >>> network = MLP(False, input_shape=(8, 8, 1), units=[4])
    >>> app = ImageClassifier(network, num_classes=3, policy=RandAugment())
    >>> app.compile()
    >>> x, y = np.random.rand(6, 8, 8, 1).astype("float32"), np.arange(6) % 3
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> preview = AugmentationPreview(folder, (x, y))
    >>> _ = app.fit(x, y, verbose=0, callbacks=[preview])
    >>> list(read_events(folder)["train"])
    ['augmentation']
    """

    def __init__(self, log_dir, sample, every=5, count=8, draws=4):
        super().__init__(log_dir, every)
        if min(count, draws) < 1:
            raise ValueError(
                f"`count` and `draws` must be positive. Received: {count=}, "
                f"{draws=}"
            )
        self.sample = ValidationSample.of(sample)
        self.sample.require_pictures()
        self.count = count
        self.draws = draws

    def on_train_begin(self, logs=None):
        if not hasattr(self.model, "augmented"):
            raise ValueError(
                "AugmentationPreview shows what a model makes of pictures "
                "with its method `augmented`. Received: a "
                f"{type(self.model).__name__}, which has none"
            )
        super().on_train_begin(logs)

    def on_epoch_end(self, epoch, logs=None):
        if not self.is_due(epoch):
            return
        chosen = np.arange(min(self.count, len(self.sample)))
        x, many = self.sample.take(chosen), self.sample.multi_label
        labels = (self.sample.y if many else self.sample.labels)[chosen]
        # One call makes all rows: each copy of a picture has its own draw.
        found, shares = self.model.augmented(
            np.concatenate([x] * self.draws),
            np.concatenate([labels] * self.draws),
        )
        names = self.sample.names(shares.shape[1])
        if self.sample.class_names is None:
            names = getattr(self.model, "class_names", None) or names
        if found.shape[1:3] != x.shape[1:3]:  # something is cut out
            x = keras.ops.image.resize(x.astype("float32"), found.shape[1:3])
        # Scaled as one, so that what is brighter is seen to be brighter.
        pictures = displayable(
            np.concatenate([np.asarray(x, "float32"), found.astype("float32")])
        )
        words = _several if many else _words
        captions = [
            words(label, names) if many else names[label] for label in labels
        ]
        captions += [words(share, names) for share in shares]
        size = len(chosen)
        starts = range(0, len(pictures), size)
        rows = [list(pictures[s : s + size]) for s in starts]
        captions = [captions[s : s + size] for s in starts]
        title = f"epoch {epoch}: as they are, and as training shows them"
        grid = captioned_grid(rows, captions, title, _TILE)
        with self.write(epoch):
            tf.summary.image("augmentation", grid[None])


def _words(share, names):
    """The classes of a picture; of a mixture the larger part first."""
    order = np.argsort(-share, kind="stable")[:2]
    if share[order[0]] > 0.995:
        return names[order[0]]
    return "\n".join(f"{share[i]:.0%} {names[i]}" for i in order)


def _several(shares, names):
    """All labels of a picture; of a mixture with their shares."""
    found = [
        names[i] if shares[i] > 0.995 else f"{shares[i]:.0%} {names[i]}"
        for i in np.flatnonzero(shares > 0.005)
    ]
    return "\n".join(found) or "-"

import numpy as np
import tensorflow as tf

from keras_nn.callbacks.classifier_instrument import ClassifierInstrument
from keras_nn.callbacks.drawing import BAD
from keras_nn.callbacks.drawing import GOOD
from keras_nn.callbacks.drawing import captioned_grid


class LabelPictures(ClassifierInstrument):
    """Shows pictures with the labels that they have and those they are given.

    The loss of an example is the mean of its labels' binary cross-entropies,
    in nats. The worst come first, then as many drawn evenly from the rest. A
    caption reads: the labels that are there; what of them was found; `+` what
    was found without being there; `-` what was missed. It is green where
    both sets are equal.

    Read it for: labels that annotators forgot (`+` of what you can see), and
    labels that always come together, of which a model sees one in the other.

    Args:
        log_dir: str or path. Where TensorBoard looks.
        sample: `ValidationSample` of pictures with `multi_label`.
        every: int. Write once per this many epochs. Defaults to 1.
        count: int. How many pictures, half of them the worst. Defaults to 12.
        threshold: float. Probability from which a label counts as found.
            Defaults to 0.5.

    Raises:
        ValueError: If the sample has no pictures or not many labels, or
            `count` is not positive.

    Writes to `log_dir/validation`, at the epoch's index:
        `labels`: image.

    Example:

    >>> from keras_nn.callbacks import ValidationSample
    >>> x, y = np.zeros((4, 8, 8, 1)), np.eye(4)[:, :2]
    >>> sample = ValidationSample(x, y, multi_label=True)
    >>> LabelPictures("runs", sample).threshold
    0.5
    """

    def __init__(self, log_dir, sample, every=1, count=12, threshold=0.5):
        super().__init__(log_dir, sample, every)
        if count < 1:
            raise ValueError(f"`count` must be positive. Received: {count=}")
        if not self.sample.multi_label:
            raise ValueError(
                "`sample` must be a ValidationSample with `multi_label=True`. "
                "Received: one of one label an example"
            )
        self.sample.require_pictures()
        self.count = count
        self.threshold = threshold

    def report(self, epoch, probabilities):
        truth = self.sample.label_matrix(probabilities.shape[1])
        names = self.sample.names(probabilities.shape[1])
        right = np.where(truth, probabilities, 1 - probabilities)
        losses = -np.log(np.maximum(right, 1e-7)).mean(axis=1)
        order = np.argsort(-losses, kind="stable")
        worst = order[: (self.count + 1) // 2]
        rest = order[len(worst) :]
        some = np.linspace(0, len(rest) - 1, min(self.count // 2, len(rest)))
        chosen = np.concatenate([worst, rest[some.round().astype(int)]])
        found = probabilities >= self.threshold
        captions = [_caption(truth[i], found[i], names) for i in chosen]
        inks = [GOOD if (truth[i] == found[i]).all() else BAD for i in chosen]
        pictures = self.sample.pictures
        equal = (truth == found).all(axis=1).mean()
        grid = captioned_grid(
            _rows([pictures[i] for i in chosen]),
            _rows(captions),
            f"epoch {epoch}, all labels right: {equal:.0%}",
            tile=160,  # wide enough for some labels
            colours=_rows(inks),
        )
        tf.summary.image("labels", grid[None])


def _caption(truth, found, names):
    def join(which, sign=""):
        return " ".join(sign + names[i] for i in np.flatnonzero(which))

    wrong = [join(found & ~truth, "+"), join(truth & ~found, "-")]
    said = " ".join(part for part in (join(found & truth), *wrong) if part)
    return f"is {join(truth) or 'none'}\n{said or 'none'}"


def _rows(items, columns=4):
    return [
        items[start : start + columns]
        for start in range(0, len(items), columns)
    ]

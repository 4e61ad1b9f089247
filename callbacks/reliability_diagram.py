import numpy as np
import tensorflow as tf

from keras_nn.callbacks.classifier_instrument import ClassifierInstrument
from keras_nn.callbacks.drawing import INK
from keras_nn.callbacks.drawing import LINE
from keras_nn.callbacks.drawing import MUTED
from keras_nn.callbacks.drawing import Canvas
from keras_nn.metrics import ExpectedCalibrationError
from keras_nn.metrics import MaximumCalibrationError

_BAR = (66, 133, 244)
_GAP = (244, 180, 170)
_SIDE = 320


class ReliabilityDiagram(ClassifierInstrument):
    """Shows whether a classifier's confidence can be believed.

    Confidence is the probability of the predicted class. In each bin of
    confidence the picture compares its mean with the share of right answers:

    `ECE = sum_b (n_b / n) * |accuracy_b - confidence_b|`

    Read it for: blue bars that end below the diagonal (the red gap hangs
    down to them) mean overconfidence: regularise, smooth the labels or scale
    the temperature. Bars above it mean underconfidence (their light tip is
    what confidence fails to claim). The grey histogram below says how many
    examples a bar stands for; ignore bars of a handful.

    Args:
        log_dir: str or path. Where TensorBoard looks.
        sample: `ValidationSample`, or anything `ValidationSample.of` takes.
        every: int. Write once per this many epochs. Defaults to 1.
        num_bins: int. Bins of equal width. Defaults to 15.

    Writes to `log_dir/validation`, at the epoch's index:
        `reliability_diagram`: image.
        `calibration/expected_error`: scalar, the ECE, in [0, 1].
        `calibration/maximum_error`: scalar, the widest gap, in [0, 1].

    Example:

    >>> import keras, pathlib, tempfile
    >>> from keras_nn.testing import read_events
    >>> layers = [keras.layers.Conv2D(2, 3), keras.layers.Flatten()]
    >>> layers = [keras.Input((8, 8, 1)), *layers]
    >>> model = keras.Sequential([*layers, keras.layers.Dense(3, "softmax")])
    >>> model.compile("sgd", "sparse_categorical_crossentropy")
    >>> x, y = np.random.rand(6, 8, 8, 1).astype("float32"), np.arange(6) % 3
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> instrument = ReliabilityDiagram(folder, (x, y))
    >>> _ = model.fit(x, y, verbose=0, callbacks=[instrument])
    >>> tag = "reliability_diagram"
    >>> tag in read_events(folder)["validation"]
    True

    Reference:
        [Guo et al., 2017](https://arxiv.org/abs/1706.04599)
    """

    def __init__(self, log_dir, sample, every=1, num_bins=15):
        super().__init__(log_dir, sample, every)
        self.num_bins = num_bins

    def report(self, epoch, probabilities):
        expected = ExpectedCalibrationError(self.num_bins)
        maximum = MaximumCalibrationError(self.num_bins)
        expected.update_state(self.sample.labels, probabilities)
        maximum.totals.assign(expected.totals)
        error = float(expected.result())
        tf.summary.scalar("calibration/expected_error", error)
        tf.summary.scalar("calibration/maximum_error", maximum.result())
        facts = (
            f"epoch {epoch}, {len(self.sample)} examples, "
            f"calibration error {error:.1%}"
        )
        picture = draw_reliability(np.asarray(expected.bins()), facts)
        tf.summary.image("reliability_diagram", picture[None])


def draw_reliability(bins, facts):
    """A reliability diagram above a histogram of confidences.

    Args:
        bins: float array `(3, num_bins)`: number of examples, mean
            confidence and accuracy of each bin.
        facts: str, for the head line.

    Returns:
        uint8 array `(height, width, 3)`.
    """
    counts, confidences, accuracies = bins
    left, top, histogram = 60, 42, 70
    floor = top + _SIDE  # Where accuracy is 0.
    base = floor + 14 + histogram  # Where the histogram stands.
    sheet = Canvas(base + 48, left + _SIDE + 24)
    sheet.text(12, 10, facts, 14, width=left + _SIDE)

    def x(value):
        return left + value * _SIDE

    def y(value):
        return floor - value * _SIDE

    for tick in np.linspace(0, 1, 6):
        sheet.draw.line((left, y(tick), x(1), y(tick)), fill=LINE)
        sheet.text(left - 8, y(tick), f"{tick:.1f}", 12, MUTED, "rm")
        sheet.text(x(tick), base + 6, f"{tick:.1f}", 12, MUTED, "ma")
    edges = np.linspace(0, 1, len(counts) + 1)
    for i in np.flatnonzero(counts):
        x0, x1 = x(edges[i]) + 1, x(edges[i + 1]) - 1
        low, high = sorted((accuracies[i], confidences[i]))
        sheet.draw.rectangle((x0, y(high), x1, y(low)), fill=_GAP)
        sheet.draw.rectangle((x0, y(accuracies[i]), x1, floor), fill=_BAR)
        if confidences[i] < accuracies[i]:
            # The gap lies within the bar: what confidence fails to claim.
            box = (x0, y(high), x1, y(low))
            sheet.draw.rectangle(box, fill=(138, 180, 248))
        share = counts[i] / counts.max() * histogram
        sheet.draw.rectangle((x0, base - share, x1, base), fill=MUTED)
    dashes = np.linspace(0, 1, 41)
    for start, end in zip(dashes[::2], dashes[1::2], strict=False):
        line = (x(start), y(start), x(end), y(end))
        sheet.draw.line(line, fill=INK, width=2)
    sheet.draw.rectangle((left, top, x(1), floor), outline=MUTED)
    sheet.draw.line((left, base, x(1), base), fill=MUTED)
    most = f"{counts.max():.0f}"
    sheet.text(left - 8, base - histogram, most, 12, MUTED, "rm")
    sheet.text(left - 8, base, "0", 12, MUTED, "rm")
    sheet.text(x(0.5), base + 32, "confidence", 13, MUTED, "mm")
    sheet.upright(14, top + _SIDE / 2 + 28, "accuracy", 13, MUTED)
    sheet.upright(14, base, "examples", 13, MUTED)
    return sheet.pixels

import numpy as np
import tensorflow as tf

from keras_nn.callbacks.classifier_instrument import ClassifierInstrument
from keras_nn.callbacks.drawing import INK
from keras_nn.callbacks.drawing import LINE
from keras_nn.callbacks.drawing import MUTED
from keras_nn.callbacks.drawing import PAPER
from keras_nn.callbacks.drawing import Canvas
from keras_nn.callbacks.drawing import text_width
from keras_nn.explain.heat_map import colours


class ConfusionMatrix(ClassifierInstrument):
    """Shows which classes a classifier takes for which.

    `C[i, j] = number of examples of class i that are predicted as class j`

    Read it for: orange cells, the mistakes. A dark orange cell is one
    confusion to look into (similar classes, wrong labels); an orange column
    is a class that the model predicts too readily; a pale blue cell on the
    diagonal is a class that it misses.

    Args:
        log_dir: str or path. Where TensorBoard looks.
        sample: `ValidationSample`, or anything `ValidationSample.of` takes.
        every: int. Write once per this many epochs. Defaults to 1.
        max_classes: int. With more classes than this, those of the most
            mistakes are shown, in their order. Defaults to 100.

    Writes to `log_dir/validation`, at the epoch's index:
        `confusion_matrix/share`: image. Each row is divided by the number of
            examples of its true class: the diagonal is the recall, 0 to 1.
        `confusion_matrix/count`: image. Numbers of examples.
        `confusion_matrix/by_class`: text. A table of every class shown:
            examples, precision, recall, F1 (0 to 1), and what it is taken
            for most often.

    Example:

    >>> ConfusionMatrix.count(np.array([0, 0, 1]), np.array([0, 1, 1]), 2)
    array([[1, 1],
           [0, 1]])
    """

    def __init__(self, log_dir, sample, every=1, max_classes=100):
        super().__init__(log_dir, sample, every)
        self.max_classes = max_classes

    def report(self, epoch, probabilities):
        num_classes = probabilities.shape[1]
        names = self.sample.names(num_classes)
        predicted = probabilities.argmax(axis=1)
        matrix = self.count(self.sample.labels, predicted, num_classes)
        shown = np.arange(num_classes)
        if num_classes > self.max_classes:
            mistakes = matrix.sum(0) + matrix.sum(1) - 2 * np.diag(matrix)
            worst = np.argsort(-mistakes, kind="stable")[: self.max_classes]
            shown = np.sort(worst)

        accuracy = np.trace(matrix) / matrix.sum()
        facts = (
            f"epoch {epoch}, {matrix.sum()} examples, "
            f"{accuracy:.1%} of them right"
        )
        if len(shown) < num_classes:
            facts += f", the {len(shown)} classes with most mistakes"
        part = matrix[np.ix_(shown, shown)]
        names = [names[i] for i in shown]
        totals = np.maximum(matrix.sum(axis=1)[shown, None], 1)
        share = draw_matrix(part / totals, part, names, facts, "{:.2f}")
        strength = part / max(part.max(), 1)
        count = draw_matrix(strength, part, names, facts, "{:d}")
        tf.summary.image("confusion_matrix/share", share[None])
        tf.summary.image("confusion_matrix/count", count[None])
        tf.summary.text(
            "confusion_matrix/by_class", _table(matrix, shown, names)
        )

    @staticmethod
    def count(labels, predicted, num_classes):
        """The confusion matrix: rows are true, columns are predicted.

        Args:
            labels: int array `(examples,)`.
            predicted: int array `(examples,)`.
            num_classes: int.

        Returns:
            int64 array `(num_classes, num_classes)`.
        """
        cells = np.bincount(
            labels * num_classes + predicted, minlength=num_classes**2
        )
        return cells.reshape(num_classes, num_classes)


def draw_matrix(strength, counts, names, facts, style):
    """A confusion matrix as a picture.

    Args:
        strength: float array `(classes, classes)` in [0, 1]: the colours.
        counts: int array of that shape. Where it is 0 the cell stays white.
        names: list of str, the classes.
        facts: str, for the head line.
        style: str. How to print a cell: `"{:d}"` prints its count, another
            its strength.

    Returns:
        uint8 array `(height, width, 3)`.
    """
    n = len(names)
    cell = int(np.clip(640 // n, 10, 64))
    letters = int(np.clip(cell - 1, 9, 13))
    margin = min(max(text_width(name, letters) for name in names), 120) + 12
    left, top = 24 + margin, 40
    side = cell * n
    width = max(left + side + 16, 420)
    sheet = Canvas(top + side + margin + 26, width)
    sheet.text(12, 10, facts, 14, width=width - 24)

    cells = np.where(
        np.eye(n, dtype=bool)[..., None],
        colours(strength, "blue"),
        # A root makes the one mistake among a hundred visible.
        colours(np.sqrt(strength), "orange"),
    )
    cells = np.where((counts > 0)[..., None], cells, np.uint8(PAPER))
    sheet.paste(left, top, cells.repeat(cell, axis=0).repeat(cell, axis=1))
    for i in range(n + 1):
        at = i * cell
        grid = ((left + at, top, left + at, top + side),)
        grid += ((left, top + at, left + side, top + at),)
        for line in grid:
            sheet.draw.line(line, fill=MUTED if i in (0, n) else LINE)

    digits = int(np.clip(cell * 0.36, 8, 15))
    for i, j in zip(*np.nonzero(counts), strict=True):
        value = counts[i, j] if style == "{:d}" else strength[i, j]
        words = style.format(value).removeprefix("0")
        if text_width(words, digits) < cell - 2 and cell >= 18:
            x, y = left + (j + 0.5) * cell, top + (i + 0.5) * cell
            dark = cells[i, j].astype(int).sum() < 400
            colour = PAPER if dark else INK
            sheet.text(x, y, words, digits, colour, "mm")
    for i, name in enumerate(names):
        middle = (i + 0.5) * cell
        room = margin - 10
        sheet.text(left - 6, top + middle, name, letters, INK, "rm", room)
        # Column names hang below the matrix, read from below to above.
        length = min(text_width(name, letters), room)
        foot = top + side + 8 + length
        sheet.upright(left + middle, foot, name, letters, INK, room)
    sheet.upright(12, top + side / 2 + 14, "true", 13, MUTED)
    below = top + side + margin + 12
    sheet.text(left + side / 2, below, "predicted", 13, MUTED, "mm")
    return sheet.pixels


def _table(matrix, shown, names):
    right = np.diag(matrix)
    examples, predicted = matrix.sum(axis=1), matrix.sum(axis=0)
    wrong = matrix - np.diag(right)
    rows = [
        "class | examples | precision | recall | F1 | most often taken for",
        "--- | ---: | ---: | ---: | ---: | ---",
    ]
    name_of = dict(zip(shown, names, strict=True))
    for i in shown:
        precision = _ratio(right[i], predicted[i])
        recall = _ratio(right[i], examples[i])
        f1 = _ratio(2 * right[i], examples[i] + predicted[i])
        j = wrong[i].argmax()
        taken = f"{name_of.get(j, j)} ({wrong[i, j]})" if wrong[i, j] else ""
        name = names[len(rows) - 2].replace("|", "\\|")
        rows.append(
            f"{name} | {examples[i]} | {precision} | {recall} | {f1} | {taken}"
        )
    return "\n".join(rows)


def _ratio(part, whole):
    return f"{part / whole:.3f}" if whole else "-"

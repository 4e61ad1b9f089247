import tensorflow as tf

from keras_nn.callbacks.instrument import Instrument
from keras_nn.callbacks.table_cell import table_cell
from keras_nn.metrics import entities


class TagSamples(Instrument):
    """Writes what a tagger finds in the same texts, and what is there.

    Read it for: spans that end too early or too late (words missing in one
    column), a type that is taken for another, names that are never found.

    Args:
        log_dir: str or path. Where TensorBoard looks.
        texts: list of lists of str, their words.
        tags: list of lists of str, the right ones.
        every: int. Write once per this many epochs. Defaults to 1.

    Raises:
        ValueError: if there are not as many tags as words.

    Writes to `log_dir/validation`, at the epoch's index:
        `tag_samples`: text, a table: the text, what is there, what the model
            finds.

    Example:

    >>> import tempfile
    >>> texts, tags = [["in", "York"]], [["O", "B-place"]]
    >>> TagSamples(tempfile.mkdtemp(), texts, tags).texts
    [['in', 'York']]
    """

    def __init__(self, log_dir, texts, tags, every=1):
        super().__init__(log_dir, every)
        if [*map(len, texts)] != [*map(len, tags)] or not texts:
            raise ValueError(
                "There must be a text, and a tag for each word. Received: "
                f"{[*map(len, texts)][:5]} words, {[*map(len, tags)][:5]} tags"
            )
        self.texts = [list(words) for words in texts]
        self.tags = [list(row) for row in tags]

    def on_epoch_end(self, epoch, logs=None):
        if not self.is_due(epoch):
            return
        rows = [["text", "there", "found"]]
        found = self.model.predict_tags(self.texts)
        for words, there, said in zip(
            self.texts, self.tags, found, strict=True
        ):
            cells = [" ".join(words), _spans(words, there), _spans(words, said)]
            rows.append([table_cell(cell) for cell in cells])
        with self.write(epoch, "validation"):
            tf.summary.text("tag_samples", rows)


def _spans(words, tags):
    return "; ".join(
        f"{' '.join(words[start:stop])} ({kind})"
        for kind, start, stop in entities(tags)
    )

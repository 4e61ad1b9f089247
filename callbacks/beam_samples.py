import tensorflow as tf

from keras_nn.callbacks.averaged_weights import averaged_weights
from keras_nn.callbacks.instrument import Instrument
from keras_nn.callbacks.table_cell import table_cell


class BeamSamples(Instrument):
    """Writes what the beams of the same texts hold, with their scores.

    The score is a mean of log-probabilities, divided by the length to the
    power of the length penalty: 0 is certain.

    Read it for: beams that differ in a word have looked at alternatives,
    beams that are the same but for a full stop have not (use fewer); a first
    beam far above the second is sure; an empty or much too short first beam:
    raise the length penalty.

    Args:
        log_dir: str or path. Where TensorBoard looks.
        texts: list of str.
        every: int. Write once per this many epochs. Defaults to 1.
        num_beams: int or None. Defaults to that of the model.

    Raises:
        ValueError: if there is no text.

    Writes to `log_dir/validation`, at the epoch's index:
        `beams`: text, a table: the text, the rank, the score, the beam.

    Example:

    >>> import tempfile
    >>> BeamSamples(tempfile.mkdtemp(), ["two"]).texts
    ['two']
    """

    def __init__(self, log_dir, texts, every=1, num_beams=None):
        super().__init__(log_dir, every)
        if not texts:
            raise ValueError("There must be a text. Received: none")
        self.texts = list(texts)
        self.num_beams = num_beams

    def on_epoch_end(self, epoch, logs=None):
        if not self.is_due(epoch):
            return
        with averaged_weights(self.model):
            found = self.model.beams(self.texts, self.num_beams)
        rows = [["text", "rank", "score", "beam"]]
        for text, beams in zip(self.texts, found, strict=True):
            for rank, (beam, score) in enumerate(beams, start=1):
                score = "" if score is None else f"{score:.3f}"
                row = [text if rank == 1 else "", str(rank), score, beam]
                rows.append([table_cell(cell) for cell in row])
        with self.write(epoch, "validation"):
            tf.summary.text("beams", rows)

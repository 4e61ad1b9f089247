import tensorflow as tf

from keras_nn.callbacks.averaged_weights import averaged_weights
from keras_nn.callbacks.instrument import Instrument
from keras_nn.callbacks.table_cell import table_cell


class TranslationSamples(Instrument):
    """Writes what a translator makes of the same texts, and how good.

    A `Summarizer` is a translator, too.

    Read it for: the right words first, then their order, then endings;
    sentences that are grammatical but of something else (the decoder does
    not look at the source); the same words again and again (it has learnt
    too little). If the optimiser averages weights, the averages translate.

    Args:
        log_dir: str or path. Where TensorBoard looks.
        pairs: `data.TextPairs`.
        every: int. Write once per this many epochs. Defaults to 1.
        shown: int. Pairs of the table. Defaults to 8.
        scored: int. Pairs that the scores are of. Defaults to 200.
        tag: str. What the texts are. Defaults to `"translation"`.

    Writes to `log_dir/validation`, at the epoch's index:
        `<tag>/samples`: text, a table: source, reference, what was written.
        `<tag>/<score>`: scalars, the model's `scores` of the first pairs,
        each token the most probable one (no beams): of a translator `bleu`
        and `chrf`, up to 100, and `exact_match`, a share; of a summariser
        `rouge1`, `rouge2` and `rougeL`, up to 1.

    Example:

    >>> import tempfile
    >>> from keras_nn.data import TextPairs
    >>> pairs = TextPairs(["one", "two"], ["1", "2"])
    >>> TranslationSamples(tempfile.mkdtemp(), pairs).shown
    8
    """

    def __init__(
        self,
        log_dir,
        pairs,
        every=1,
        shown=8,
        scored=200,
        tag="translation",
    ):
        super().__init__(log_dir, every)
        self.pairs = pairs
        self.shown = shown
        self.scored = scored
        self.tag = tag

    def on_epoch_end(self, epoch, logs=None):
        if not self.is_due(epoch):
            return
        pairs = self.pairs.take(max(self.shown, self.scored))
        with averaged_weights(self.model):
            written = self.model.write(pairs.sources, num_beams=1)
        scores = self.model.scores(pairs, written)
        rows = [["source", "reference", self.tag]]
        rows += [
            [table_cell(source), table_cell(target), table_cell(text)]
            for source, target, text in zip(
                pairs.sources[: self.shown],
                pairs.targets[: self.shown],
                written[: self.shown],
                strict=True,
            )
        ]
        with self.write(epoch, "validation"):
            tf.summary.text(f"{self.tag}/samples", rows)
            for name, score in scores.items():
                tf.summary.scalar(f"{self.tag}/{name}", score)

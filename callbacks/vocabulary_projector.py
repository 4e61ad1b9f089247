import keras

from keras_nn.callbacks.instrument import Instrument
from keras_nn.callbacks.layer_tree import descendants
from keras_nn.callbacks.projector_files import show_points


class VocabularyProjector(Instrument):
    """Shows the vectors of tokens, in TensorBoard's Projector.

    Read it for: click a word, and look at its nearest neighbours: words that
    stand in the same places. A ball without parts: little was learnt, or the
    vectors were hardly moved; rare tokens in a crowd of their own: they were
    hardly ever seen.

    Args:
        log_dir: str or path. Where TensorBoard looks.
        tokens: list of str, token `i` that of row `i`; or a tokenizer with
            `vocabulary_size` and `words_of`.
        layer: str or None. Name of the embedding. Defaults to the first one
            that has as many rows.
        most: int. Rows that are shown, from the first on. Defaults to 5000.

    Raises:
        ValueError: while training begins, if no embedding has as many rows.

    Writes to `log_dir/validation`, when training ends:
        `projector_config.pbtxt`, `vocabulary.tensor.tsv`,
            `vocabulary.metadata.tsv`: the rows, and the token of each.
        `vocabulary_projector`: text in the event file: what the points are.

    Example:

    >>> import tempfile
    >>> VocabularyProjector(tempfile.mkdtemp(), ["a", "b"]).tokens
    ['a', 'b']
    """

    def __init__(self, log_dir, tokens, layer=None, most=5000):
        super().__init__(log_dir)
        if hasattr(tokens, "words_of"):
            tokens = tokens.words_of(range(tokens.vocabulary_size))
        self.tokens = list(tokens)
        self.layer = layer
        self.most = most
        self._epoch = 0

    def on_train_begin(self, logs=None):
        self._embedding()
        super().on_train_begin(logs)

    def on_epoch_end(self, epoch, logs=None):
        self._epoch = epoch

    def on_train_end(self, logs=None):
        layer = self._embedding()
        points = layer.embeddings.numpy()[: self.most]
        shown = self.tokens[: self.most]
        show_points(
            self,
            self._epoch,
            "vocabulary",
            "vocabulary_projector",
            "vocabulary",
            f"{len(points)} of {len(self.tokens)} tokens, the rows of "
            f"{layer.name}",
            points.astype("float32"),
            # A line without a letter would be none.
            [[token.strip() or repr(token)] for token in shown],
        )
        super().on_train_end(logs)

    def _embedding(self):
        found = [
            layer
            for _, layer in descendants(self.model)
            if isinstance(layer, keras.layers.Embedding)
        ]
        for layer in found:
            named = self.layer in (None, layer.name)
            if named and layer.input_dim == len(self.tokens):
                return layer
        raise ValueError(
            f"There must be an Embedding of {len(self.tokens)} rows"
            f"{f' named {self.layer}' if self.layer else ''}. Received: "
            f"{ {one.name: one.input_dim for one in found} }"
        )

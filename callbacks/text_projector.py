from keras_nn.callbacks.instrument import Instrument
from keras_nn.callbacks.projector_files import show_points


class TextProjector(Instrument):
    """Shows how an embedder arranges texts, in TensorBoard's Projector.

    Read it for: click a point, and look at its nearest neighbours: they are
    what a search for this text finds. One cloud without parts at the start;
    groups of texts about the same later. All points on top of each other:
    the temperature is too high, or the network has collapsed.

    Args:
        log_dir: str or path. Where TensorBoard looks.
        texts: list of str.
        longest: int. Characters of a text that are shown. Defaults to 100.

    Raises:
        ValueError: if there is no text.

    Writes to `log_dir/validation`, when training ends:
        `projector_config.pbtxt`, `texts.tensor.tsv`, `texts.metadata.tsv`:
            the points, and the text of each.
        `text_projector`: text in the event file: what the points are.

    Example:

    >>> import tempfile
    >>> TextProjector(tempfile.mkdtemp(), ["a cat"]).texts
    ['a cat']
    """

    def __init__(self, log_dir, texts, longest=100):
        super().__init__(log_dir)
        if not texts:
            raise ValueError("There must be a text. Received: none")
        self.texts = list(texts)
        self.longest = longest
        self._epoch = 0

    def on_epoch_end(self, epoch, logs=None):
        self._epoch = epoch

    def on_train_end(self, logs=None):
        points = self.model.embed(self.texts)
        show_points(
            self,
            self._epoch,
            "texts",
            "text_projector",
            "texts",
            f"{len(points)} texts, {points.shape[1]} features",
            points,
            [[text[: self.longest]] for text in self.texts],
        )
        super().on_train_end(logs)

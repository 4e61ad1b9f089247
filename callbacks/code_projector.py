from keras_nn.callbacks.code_instrument import CodeInstrument
from keras_nn.callbacks.drawing import sprites
from keras_nn.callbacks.last_look import LastLook
from keras_nn.callbacks.projector_files import show_points


class CodeProjector(LastLook, CodeInstrument):
    """Shows how an autoencoder arranges pictures, in TensorBoard's Projector.

    Each picture of the sample becomes a point: its code, of a `VAE` the mean,
    of a `VQVAE` before the codebook; projected by PCA, t-SNE or UMAP.

    Read it for: pictures that look alike side by side; choose "Color by:
    class". Islands of one colour are classes that codes tell apart, though
    nothing asked for it. Click a point for its nearest neighbours.

    Args:
        log_dir: str or path. Where TensorBoard looks.
        sample: `CodeSample`, or anything `ValidationSample.of` takes.
        every: int or None. Write once per this many epochs, and when training
            ends; None means only then. Defaults to None.
        sprite_size: int. Side of the small pictures, in pixels. Defaults
            to 32.

    Raises:
        ValueError: In training, if the model does not encode.

    Writes to `log_dir/validation`, each time replacing what was there:
        `projector_config.pbtxt`: what TensorBoard reads first; what other
            instruments put there is kept.
        `codes.tensor.tsv`: one line a picture, one value of its code a column.
        `codes.metadata.tsv`: class, if there are any, and the number of the
            picture in the sample.
        `codes.sprites.png`: the pictures.
        `code_projector`: text in the event file, at the epoch's index: what
            the points are.

    Example:

    >>> import numpy as np, pathlib, tempfile
    >>> from keras_nn.models import Autoencoder, DenseDecoder, DenseEncoder
    >>> encoder = DenseEncoder((4, 4, 1), output_units=3, units=[8])
    >>> model = Autoencoder(encoder, DenseDecoder(3, (4, 4, 1), units=[8]))
    >>> model.compile("adam")
    >>> x, folder = np.random.rand(8, 4, 4, 1), tempfile.mkdtemp()
    >>> points = CodeProjector(folder, (x, None))
    >>> _ = model.fit(x, verbose=0, callbacks=[points])
    >>> table = pathlib.Path(folder, "validation", "codes.tensor.tsv")
    >>> len(table.read_text().splitlines())
    8
    """

    def __init__(self, log_dir, sample, every=None, sprite_size=32):
        super().__init__(log_dir, sample, 1 if every is None else every)
        self.every = every
        self.sprite_size = sprite_size

    def report(self, epoch, mean, log_variance):
        sheet, sample = None, self.sample.sample
        if sample.has_pictures:
            sheet = sprites(sample.pictures, self.sprite_size)
            sheet = sheet, self.sprite_size
        show_points(
            self,
            epoch,
            "codes",
            "code_projector",
            "codes",
            f"{len(mean)} pictures, {mean[0].size} values of a code",
            mean.reshape(len(mean), -1),
            self._metadata(len(mean)),
            sheet,
        )

    def _metadata(self, count):
        numbers = [str(number) for number in range(count)]
        labels = self.sample.labels
        if labels is None:
            return [[number] for number in numbers]
        names = self.sample.names
        rows = zip(labels, numbers, strict=True)
        return [["class", "picture"], *([names[y], n] for y, n in rows)]

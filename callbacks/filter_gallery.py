import numpy as np
import tensorflow as tf

from keras_nn.callbacks.drawing import picture_grid
from keras_nn.callbacks.instrument import Instrument
from keras_nn.callbacks.layer_tree import descendants


class FilterGallery(Instrument):
    """Shows the kernels of a convolution as pictures.

    A kernel is what a unit looks for. Over pictures of three channels it is
    shown in colour, elsewhere in grey: a row for each filter, a column for
    each channel it reads. Zero is mid-grey; each filter is scaled by its own
    largest weight.

    Read it for: edges, blobs and colours that grow out of the noise of the
    first epochs. Filters that stay noise, or are blank, have learnt nothing
    (a rate too low, dead units); many alike, or checkerboards, come of a rate
    too high or of strides too wide.

    Args:
        log_dir: str or path. Where TensorBoard looks.
        layer: str or None. Name or path of the layer whose kernel is shown.
            None means the first convolution of more than a pixel. Defaults
            to None.
        every: int. Write once per this many epochs. Defaults to 1.
        count: int. How many filters, the first ones. Defaults to 64.
        channels: int. How many input channels, where there are more than
            three. Defaults to 8.

    Raises:
        ValueError: If `count` or `channels` is less than 1; in training, if
            the model has no such layer, or it has no such kernel.

    Writes to `log_dir/train`, at the epoch's index:
        `filters/<layer>`: image. The filters in rows.

    Example:

    >>> import keras, pathlib, tempfile
    >>> from keras_nn.testing import read_events
    >>> layers = [keras.layers.Conv2D(4, 3, name="edges")]
    >>> layers = [keras.Input((8, 8, 3)), *layers, keras.layers.Flatten()]
    >>> model = keras.Sequential([*layers, keras.layers.Dense(1)])
    >>> model.compile("sgd", "mse")
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> x, y = np.ones((2, 8, 8, 3)), np.ones((2, 1))
    >>> _ = model.fit(x, y, verbose=0, callbacks=[FilterGallery(folder)])
    >>> list(read_events(folder)["train"])
    ['filters/edges']

    Reference:
        [Krizhevsky et al., 2012](https://doi.org/10.1145/3065386), figure 3.
    """

    def __init__(self, log_dir, layer=None, every=1, count=64, channels=8):
        super().__init__(log_dir, every)
        if min(count, channels) < 1:
            raise ValueError(
                "`count` and `channels` must be positive. "
                f"Received: {count=}, {channels=}"
            )
        self.layer = layer
        self.count = count
        self.channels = channels

    @staticmethod
    def suits(model):
        """Whether the model has a convolution to show, as far as is known."""
        return any(_kernels(model))

    def on_epoch_end(self, epoch, logs=None):
        if not self.is_due(epoch):
            return
        path, kernel = self._find()
        pictures, columns = filter_pictures(kernel, self.count, self.channels)
        with self.write(epoch):
            grid = picture_grid(pictures, columns, tile=32, gap=2)
            tf.summary.image(f"filters/{path}", grid[None])

    def _find(self):
        for path, kernel in _kernels(self.model):
            if self.layer is None:
                if max(kernel.shape[:2]) > 1:
                    return path, kernel.numpy()
            elif self.layer in (path, path.rpartition("/")[2]):
                return path, kernel.numpy()
        known = [path for path, _ in _kernels(self.model)]
        raise ValueError(
            "FilterGallery needs a layer with a kernel (height, width, "
            f"channels, filters), one of {known}. Received: {self.layer!r}"
        )


def filter_pictures(kernel, count, channels):
    """Kernels as pictures, and how many of them make a row.

    Args:
        kernel: float array `(height, width, channels, filters)`.
        count: int. At most so many filters.
        channels: int. At most so many channels, of more than three.

    Returns:
        `(pictures, columns)`, a uint8 array `(n, height, width, 3)`.
    """
    kernel = np.nan_to_num(kernel[..., :count].astype("float32"))
    height, width, inputs, filters = kernel.shape
    largest = np.abs(kernel).max(axis=(0, 1, 2))
    scaled = 0.5 + kernel / (2 * np.maximum(largest, 1e-12))
    pictures = (255 * scaled).round().astype("uint8")
    pictures = pictures.transpose(3, 2, 0, 1)  # filters, channels, places
    columns = int(np.ceil(np.sqrt(filters)))
    if inputs == 3:
        return pictures.transpose(0, 2, 3, 1), columns
    if inputs > 1:
        columns = min(inputs, channels)
    pictures = pictures[:, :channels].reshape(-1, height, width, 1)
    return np.repeat(pictures, 3, axis=-1), columns


def _kernels(model):
    for path, layer in descendants(model):
        kernel = getattr(layer, "kernel", None) if layer.built else None
        if kernel is not None and len(getattr(kernel, "shape", ())) == 4:
            yield path, kernel

import numpy as np
import tensorflow as tf

from keras_nn.callbacks.averaged_weights import averaged_weights
from keras_nn.callbacks.instrument import Instrument
from keras_nn.callbacks.picture import figure_to_image
from keras_nn.callbacks.picture import new_figure


class DensityMap(Instrument):
    """Shows a learnt density beside the data it was learnt from.

    Of rows of two numbers: the density as a map, with the data as points.
    Of longer rows: data and as many drawn rows, on the two directions in
    which the data vary most. If the optimiser averages weights, those are the
    averages' density and rows. Read it for: density where no data are (bridges
    between clusters), and data where there is little of it.

    Args:
        log_dir: str or path. Where TensorBoard looks.
        x: array `(n, columns)`: data, of which 500 rows are shown.
        every: int. Write once per this many epochs. Defaults to 1.
        resolution: int. Points of the map along a side. Defaults to 80.

    Raises:
        ValueError: If `x` holds no rows of two numbers at least.

    Writes to `log_dir/train`, at the epoch's index:
        `density`: image.

    Example:

    >>> import tempfile
    >>> from keras_nn.models import Flow
    >>> from keras_nn.testing import read_events
    >>> model = Flow.from_preset("real_nvp", (2,), depth=1, units=(4,))
    >>> model.compile("adam")
    >>> x, folder = np.random.default_rng(0).normal(size=(64, 2)), tempfile
    >>> folder = folder.mkdtemp()
    >>> _ = model.fit(x, verbose=0, callbacks=[DensityMap(folder, x)])
    >>> "density" in read_events(folder)["train"]
    True
    """

    def __init__(self, log_dir, x, every=1, resolution=80):
        super().__init__(log_dir, every)
        x = np.asarray(x, "float32")
        if x.ndim != 2 or x.shape[1] < 2 or not len(x):
            raise ValueError(
                "`x` must hold rows of two numbers at least. "
                f"Received: shape {x.shape}"
            )
        self.x = x[:500]
        self.resolution = resolution

    def on_epoch_end(self, epoch, logs=None):
        if not self.is_due(epoch):
            return
        two = self.x.shape[1] == 2
        with averaged_weights(self.model):
            picture = self._map() if two else self._directions()
        with self.write(epoch):
            tf.summary.image("density", picture)

    def _map(self):
        low, high = self.x.min(axis=0), self.x.max(axis=0)
        room = 0.2 * (high - low) + 1e-3
        axes = np.linspace(low - room, high + room, self.resolution).T
        grid = np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)
        density = np.exp(
            self.model.predict(grid.astype("float32"), verbose=0)
        ).reshape(self.resolution, self.resolution)
        figure = new_figure(5, 4)
        axis = figure.subplots()
        shown = axis.pcolormesh(*axes, density, shading="nearest")
        axis.scatter(*self.x.T, s=3, c="white", alpha=0.5, linewidths=0)
        figure.colorbar(shown, ax=axis, label="density")
        return figure_to_image(figure)

    def _directions(self):
        drawn = self.model.generate(len(self.x), seed=0)
        mean, deviation = self.x.mean(axis=0), self.x.std(axis=0) + 1e-12
        standard = (self.x - mean) / deviation
        _, _, directions = np.linalg.svd(standard, full_matrices=False)
        figure = new_figure(5, 4)
        axis = figure.subplots()
        for rows, name in ((self.x, "data"), (drawn, "drawn")):
            points = (rows - mean) / deviation @ directions[:2].T
            axis.scatter(*points.T, s=6, alpha=0.6, linewidths=0, label=name)
        axis.legend(fontsize=9)
        axis.set_xlabel("first direction")
        axis.set_ylabel("second direction")
        return figure_to_image(figure)

import numpy as np
import tensorflow as tf

from keras_nn.callbacks.averaged_weights import averaged_weights
from keras_nn.callbacks.instrument import Instrument
from keras_nn.callbacks.picture import figure_to_image
from keras_nn.callbacks.picture import new_figure

BINS = 40


class EnergyHistogram(Instrument):
    """Compares the energies, scores or densities of groups of examples.

    Read it for: groups that lie on top of one another (nothing is told
    apart), or one group that runs away from epoch to epoch (an energy that
    has no bottom). If the optimiser averages weights, those are the averages'
    energies.

    Args:
        log_dir: str or path. Where TensorBoard looks.
        groups: dict of name to `Split` or array: what `model.predict` gives
            one number each of.
        every: int. Write once per this many epochs. Defaults to 1.

    Raises:
        ValueError: If there is no group, or one without examples.

    Writes to `log_dir/train`, at the epoch's index:
        `energies`: image. A histogram for each group, on one axis.
        `energy/<group>`: histogram.

    Example:

    >>> import keras, tempfile
    >>> from keras_nn.testing import read_events
    >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    >>> model.compile("sgd", "mse")
    >>> x, folder = np.ones((4, 2)), tempfile.mkdtemp()
    >>> shown = EnergyHistogram(folder, {"data": x, "noise": 0 * x})
    >>> _ = model.fit(x, x[:, :1], verbose=0, callbacks=[shown])
    >>> sorted(read_events(folder)["train"])
    ['energies', 'energy/data', 'energy/noise']
    """

    def __init__(self, log_dir, groups, every=1):
        super().__init__(log_dir, every)
        sizes = {name: len(examples) for name, examples in groups.items()}
        if not sizes or not min(sizes.values()):
            raise ValueError(
                f"`groups` must hold groups with examples. Received: {sizes}"
            )
        self.groups = groups

    def on_epoch_end(self, epoch, logs=None):
        if not self.is_due(epoch):
            return
        with averaged_weights(self.model):
            energies = {
                name: np.ravel(self.model.predict(examples, verbose=0))
                for name, examples in self.groups.items()
            }
        with self.write(epoch):
            tf.summary.image("energies", _drawn(energies))
            for name, values in energies.items():
                tf.summary.histogram(f"energy/{name}", values)


def _drawn(energies):
    values = np.concatenate(list(energies.values()))
    values = values[np.isfinite(values)]
    figure = new_figure(6, 3)
    axis = figure.subplots()
    if len(values):
        low, high = np.quantile(values, [0.0, 0.99])
        edges = np.linspace(low, high + 1e-6 * (abs(high) + 1), BINS + 1)
        for name, mine in energies.items():
            axis.hist(
                np.clip(mine, edges[0], edges[-1]),
                edges,
                weights=np.full(len(mine), 1 / len(mine)),
                alpha=0.6,
                label=f"{name} ({len(mine)})",
            )
        axis.legend(fontsize=9)
    axis.set_xlabel("energy")
    axis.set_ylabel("share of examples")
    return figure_to_image(figure)

import numpy as np
import tensorflow as tf

from keras_nn.callbacks.drawing import picture_grid
from keras_nn.callbacks.instrument import Instrument
from keras_nn.callbacks.picture import figure_to_image
from keras_nn.callbacks.picture import new_figure
from keras_nn.data.displayable import displayable


class RecallPictures(Instrument):
    """Shows what a memory recalls of noisy and of covered pictures.

    Rows from above: the pictures, with noise, recalled, covered in their
    lower part, recalled. Read it for: a recalled picture that is another one,
    a mixture of several, or a negative (minima that nobody stored). In the
    energy trace a curve that still falls at its end was cut short, one that
    rises was updated all at once.

    Args:
        log_dir: str or path. Where TensorBoard looks.
        pictures: array `(n, height, width, 1 or 3)` in the range of the
            application.
        every: int. Write once per this many epochs. Defaults to 1.
        noise: float. Share of pixels turned into their opposite. Defaults to
            0.2.
        cover: float. Share of rows that are covered. Defaults to 0.4.

    Raises:
        ValueError: If there is no picture.

    Writes to `log_dir/train`, at the epoch's index:
        `recall`: image. The rows.
        `energy_trace`: image. The energy by sweep, a curve for each picture.
        `recall_energy`: scalar. Mean energy at the end, from noisy pictures.

    Example:

    >>> import tempfile
    >>> from keras_nn import data
    >>> from keras_nn.applications import AssociativeMemory
    >>> from keras_nn.models import HopfieldNetwork
    >>> from keras_nn.testing import read_events
    >>> app = AssociativeMemory(HopfieldNetwork((8, 8, 1)))
    >>> app.compile()
    >>> folder, split = tempfile.mkdtemp(), data.load("digit-patterns").train
    >>> shown = RecallPictures(folder, split.x)
    >>> _ = app.fit(split, verbose=0, callbacks=[shown])
    >>> sorted(read_events(folder)["train"])
    ['energy_trace', 'recall', 'recall_energy']
    """

    def __init__(self, log_dir, pictures, every=1, noise=0.2, cover=0.4):
        super().__init__(log_dir, every)
        if not len(pictures):
            raise ValueError(
                "`pictures` must hold a picture. Received: an empty array"
            )
        self.pictures = np.asarray(pictures)
        self.noise = noise
        self.cover = cover

    def on_epoch_end(self, epoch, logs=None):
        if not self.is_due(epoch):
            return
        app, rows = self.model, [self.pictures]
        traces = {}
        for name, cues in (
            ("noisy", app.noisy(self.pictures, self.noise)),
            ("covered", app.covered(self.pictures, self.cover)),
        ):
            found, traces[name] = app.recall(cues, with_energy=True)
            rows += [cues, found]
        grid = displayable(np.concatenate(rows).astype("float32"))
        with self.write(epoch):
            image = picture_grid(grid, len(self.pictures))
            tf.summary.image("recall", image[None])
            tf.summary.image("energy_trace", _curves(traces))
            end = float(traces["noisy"][:, -1].mean())
            tf.summary.scalar("recall_energy", end)


def _curves(traces):
    figure = new_figure(7, 3)
    axes = figure.subplots(1, len(traces), sharey=True)
    for axis, (name, energies) in zip(axes, traces.items(), strict=True):
        axis.plot(energies.T, linewidth=1)
        axis.set_title(f"from {name} pictures", fontsize=10)
        axis.set_xlabel("sweep")
    axes[0].set_ylabel("energy")
    return figure_to_image(figure)

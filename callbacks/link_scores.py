import numpy as np
import tensorflow as tf

from keras_nn.callbacks.instrument import Instrument
from keras_nn.callbacks.picture import figure_to_image
from keras_nn.callbacks.picture import new_figure


class LinkScores(Instrument):
    """Shows how far the scores of links that exist lie from the others'.

    Read it for: two humps that hardly overlap are a good model. A hump of
    pairs without an edge on the right holds the links that the model would
    propose next: missing data, or what it gets wrong. Both humps on the right
    mean that it says yes to everything.

    Args:
        log_dir: str or path. Where TensorBoard looks.
        split: `keras_nn.data.graphs.LinkSplit`.
        every: int. Write once per this many epochs. Defaults to 1.

    Writes to `log_dir/validation`, at the epoch's index:
        `link_scores`: image. Histograms of the log odds of pairs with and
            without an edge.
        `link_scores/gap`: scalar, the difference of their medians, in units
            of log odds.

    Example:

    >>> import tempfile
    >>> from keras_nn import data
    >>> from keras_nn.applications import LinkPredictor
    >>> from keras_nn.models import GAE, GCN
    >>> from keras_nn.testing import read_events
    >>> club = LinkPredictor.arranged(data.load("karate-club"), seed=0)
    >>> encoder = GCN(34, 4, units=[8], classifier_activation=None)
    >>> app, folder = LinkPredictor(GAE(encoder)), tempfile.mkdtemp()
    >>> app.compile()
    >>> scores = LinkScores(folder, club.test)
    >>> _ = app.fit(club, verbose=0, callbacks=[scores])
    >>> sorted(read_events(folder)["validation"])
    ['link_scores', 'link_scores/gap']
    """

    def __init__(self, log_dir, split, every=1):
        super().__init__(log_dir, every)
        self.split = split
        self._x = split.arrays()[0]

    def on_epoch_end(self, epoch, logs=None):
        if not self.is_due(epoch):
            return
        odds = np.asarray(self.model(self._x, training=False))[0]
        there = self.split.y > 0
        with self.write(epoch, "validation"):
            tf.summary.image("link_scores", self._picture(odds, there))
            if there.any() and not there.all():
                gap = np.median(odds[there]) - np.median(odds[~there])
                tf.summary.scalar("link_scores/gap", gap)

    def _picture(self, odds, there):
        figure = new_figure(6, 3.5)
        axes = figure.subplots()
        bins = np.linspace(odds.min() - 1e-3, odds.max() + 1e-3, 40)
        for rows, name, colour in (
            (there, "an edge", "#3182bd"),
            (~there, "no edge", "#e6550d"),
        ):
            label = f"{name} ({rows.sum()})"
            axes.hist(odds[rows], bins, alpha=0.6, color=colour, label=label)
        axes.set_xlabel("log odds of an edge")
        axes.set_ylabel("pairs")
        axes.legend()
        return figure_to_image(figure)

import numpy as np
import tensorflow as tf

from keras_nn.callbacks.instrument import Instrument
from keras_nn.callbacks.picture import figure_to_image
from keras_nn.callbacks.picture import new_figure


class ErrorByDegree(Instrument):
    """Shows whether a classifier of nodes errs at those with few neighbours.

    Read it for: bars that fall to the right are the rule, since who has many
    neighbours is told of by many; a wide gap asks for features, or for
    sampling that favours the lonely. Bars that rise tell of hubs that join
    different classes. Mind the numbers above the bars: few nodes say little.

    Args:
        log_dir: str or path. Where TensorBoard looks.
        split: `keras_nn.data.graphs.NodeSplit`; the nodes that count are
            looked at.
        every: int. Write once per this many epochs. Defaults to 1.

    Writes to `log_dir/validation`, at the epoch's index:
        `error_by_degree`: image. The share of errors, 0 to 1, of nodes with
            0, 1, 2, 3-4, 5-8, 9-16 ... edges that lead to them; the line is
            the share of all.
        `error_by_degree/lonely`, `error_by_degree/joined`: scalars, the share
            of errors below the median degree, and from it on.

    Example:

    >>> names, rows = degree_groups(np.array([0, 1, 1, 3, 4, 9]))
    >>> names, [group.tolist() for group in rows]
    (['0', '1', '3-4', '9-16'], [[0], [1, 2], [3, 4], [5]])
    """

    def __init__(self, log_dir, split, every=1):
        super().__init__(log_dir, every)
        self.split = split

    def on_epoch_end(self, epoch, logs=None):
        if not self.is_due(epoch):
            return
        split = self.split
        x, *_ = split.arrays()
        inputs = {key: x[key] for key in self.model.input}
        scores = np.asarray(self.model(inputs, training=False))[0]
        wrong = (scores.argmax(axis=1) != split.y)[split.mask]
        edges = np.asarray(split.graph["edge_index"]).reshape(-1, 2)
        degree = np.bincount(edges[:, 1], minlength=len(split.y))[split.mask]
        middle = np.median(degree)
        with self.write(epoch, "validation"):
            tf.summary.image("error_by_degree", self._picture(wrong, degree))
            for name, group in (
                ("lonely", degree < middle),
                ("joined", degree >= middle),
            ):
                if group.any():
                    share = wrong[group].mean()
                    tf.summary.scalar(f"error_by_degree/{name}", share)

    def _picture(self, wrong, degree):
        names, rows = degree_groups(degree)
        shares = [wrong[group].mean() for group in rows]
        figure = new_figure(6, 4)
        axes = figure.subplots()
        bars = axes.bar(names, shares, color="#3182bd")
        axes.bar_label(bars, [str(len(group)) for group in rows], fontsize=8)
        axes.axhline(wrong.mean(), color="#c5221f", linewidth=1)
        axes.set_xlabel("edges that lead to the node; above, how many nodes")
        axes.set_ylabel("share of errors")
        axes.set_ylim(0, max(0.05, 1.15 * max(shares)))
        axes.set_title(f"{wrong.mean():.1%} of {len(wrong)} nodes wrong")
        return figure_to_image(figure)


def degree_groups(degree):
    """Nodes by degree, in groups that double: names, and rows of each.

    Args:
        degree: int array `(nodes,)`.

    Returns:
        `(names, rows)`: a list of str, and a list of int arrays, none empty.
    """
    # 0, 1, 2, 3-4, 5-8 ...
    group = np.where(degree > 0, np.ceil(np.log2(np.maximum(degree, 1))) + 1, 0)
    names, rows = [], []
    for number in np.unique(group).astype(int).tolist():
        name = str(number)
        if number > 2:
            name = f"{2 ** (number - 2) + 1}-{2 ** (number - 1)}"
        names.append(name)
        rows.append(np.flatnonzero(group == number))
    return names, rows

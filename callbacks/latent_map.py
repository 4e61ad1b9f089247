from statistics import NormalDist

import numpy as np
import tensorflow as tf
from keras.ops import convert_to_tensor

from keras_nn.callbacks.code_instrument import CodeInstrument
from keras_nn.callbacks.code_sample import coder_of
from keras_nn.callbacks.drawing import picture_grid
from keras_nn.callbacks.picture import figure_to_image
from keras_nn.callbacks.picture import new_figure
from keras_nn.data.displayable import displayable
from keras_nn.models.diffusion.latent_codes import pictures_of


class LatentMap(CodeInstrument):
    """Shows the space of an autoencoder's codes, on two axes.

    Codes of a sample are points, coloured by class: of two latents as they
    are, of more on the two directions in which they vary most. Of a `VAE`
    with two latents the pictures are drawn, too, that lie between: at equal
    distances in the normal's quantiles, so that each takes an equal share of
    what the prior draws.

    Read it for: classes side by side without gaps; points about 0 with
    deviation 1, where the prior draws (a `VAE`); one heap of all colours
    (codes tell nothing of the class), or all points in one (collapse).

    Args:
        log_dir: str or path. Where TensorBoard looks.
        sample: `CodeSample`, or anything `ValidationSample.of` takes.
        every: int. Write once per this many epochs. Defaults to 1.
        side: int. Pictures in a row of the drawn map. Defaults to 15.

    Raises:
        ValueError: If `side` is less than 2; in training, if the model does
            not encode.

    Writes to `log_dir/validation`, at the epoch's index:
        `latents/map`: image, the points.
        `latents/drawn_map`: image, of a `VAE` with two latents.

    Example:

    >>> import tempfile
    >>> from keras_nn.models import VAE, DenseDecoder, DenseEncoder
    >>> from keras_nn.testing import read_events
    >>> encoder = DenseEncoder((4, 4, 1), output_units=4, units=[8])
    >>> model = VAE(encoder, DenseDecoder(2, (4, 4, 1), units=[8]))
    >>> model.compile("adam")
    >>> x, folder = np.random.rand(8, 4, 4, 1), tempfile.mkdtemp()
    >>> shown = LatentMap(folder, (x, np.arange(8) % 2))
    >>> _ = model.fit(x, verbose=0, callbacks=[shown])
    >>> sorted(t for t in read_events(folder)["validation"] if "map" in t)
    ['latents/drawn_map', 'latents/map']

    Reference:
        [Kingma and Welling, 2014](https://arxiv.org/abs/1312.6114), figure 4
    """

    def __init__(self, log_dir, sample, every=1, side=15):
        super().__init__(log_dir, sample, every)
        if side < 2:
            raise ValueError(f"`side` must be at least 2. Received: {side=}")
        self.side = side

    def report(self, epoch, mean, log_variance):
        codes = mean.reshape(len(mean), -1)
        tf.summary.image("latents/map", self._points(codes, epoch))
        if log_variance is not None and codes.shape[1] == 2:
            drawn = pictures_of(
                coder_of(self.model),
                convert_to_tensor(quantile_grid(self.side)),
            )
            grid = picture_grid(displayable(drawn), self.side, 40, gap=0)
            tf.summary.image("latents/drawn_map", grid[None])

    def _points(self, codes, epoch):
        points, labels = planar(codes), self.sample.labels
        figure = new_figure(6, 5)
        axis = figure.subplots()
        if labels is None:
            axis.scatter(*points.T, s=10, linewidths=0)
        else:
            names = self.sample.names
            for label, name in enumerate(names):
                mine = points[labels == label]
                axis.scatter(*mine.T, s=10, linewidths=0, label=name)
            if len(names) <= 20:
                axis.legend(fontsize=8, markerscale=2)
        two = codes.shape[1] == 2
        axis.set_xlabel("latent 0" if two else "first principal component")
        axis.set_ylabel("latent 1" if two else "second principal component")
        axis.set_title(f"epoch {epoch}, {len(codes)} codes", fontsize=10)
        return figure_to_image(figure)


def planar(codes):
    """Codes on their two principal components; two latents stay.

    Args:
        codes: float array `(n, units)`.

    Returns:
        Float array `(n, 2)`; the second is 0 where there is only one.
    """
    if codes.shape[1] == 2:
        return codes
    centred = codes - codes.mean(axis=0)
    _, _, directions = np.linalg.svd(centred, full_matrices=False)
    points = centred @ directions[:2].T
    return np.pad(points, ((0, 0), (0, 2 - points.shape[1])))


def quantile_grid(side):
    """Codes of two latents, at equal distances in the normal's quantiles.

    Args:
        side: int. How many along each axis.

    Returns:
        Float32 array `(side * side, 2)`, row by row from above.

    Example:

    >>> quantile_grid(2).round(2).tolist()
    [[-0.67, 0.67], [0.67, 0.67], [-0.67, -0.67], [0.67, -0.67]]
    """
    shares = (np.arange(side) + 0.5) / side
    at = np.array([NormalDist().inv_cdf(share) for share in shares])
    first, second = np.meshgrid(at, at[::-1])
    return np.stack([first, second], -1).reshape(-1, 2).astype("float32")

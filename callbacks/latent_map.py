from statistics import NormalDist

import numpy as np
import tensorflow as tf
from keras.ops import convert_to_tensor

from keras_nn.callbacks.code_instrument import CodeInstrument
from keras_nn.callbacks.code_sample import coder_of
from keras_nn.callbacks.drawing import LINE
from keras_nn.callbacks.drawing import MUTED
from keras_nn.callbacks.drawing import Canvas
from keras_nn.callbacks.drawing import picture_grid
from keras_nn.callbacks.drawing import text_width
from keras_nn.data.displayable import displayable
from keras_nn.models.diffusion.latent_codes import pictures_of

SIDE = 420  # pixels of the square that points lie in
# Of classes side by side, matplotlib's ten.
GROUPS = [
    (31, 119, 180),
    (255, 127, 14),
    (44, 160, 44),
    (214, 39, 40),
    (148, 103, 189),
    (140, 86, 75),
    (227, 119, 194),
    (127, 127, 127),
    (188, 189, 34),
    (23, 190, 207),
]


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
            grid = picture_grid(displayable(drawn), self.side, 40, gap=2)
            tf.summary.image("latents/drawn_map", grid[None])

    def _points(self, codes, epoch):
        points, labels = planar(codes), self.sample.labels
        names = [""] if labels is None else self.sample.names
        low, high = points.min(axis=0), points.max(axis=0)
        room = 0.04 * (high - low) + 1e-6
        low, high = low - room, high + room
        sheet = Canvas(SIDE + 70, SIDE + 170)

        def place(point):
            x, y = (point - low) / (high - low) * SIDE
            return 60 + x, 30 + SIDE - y

        sheet.draw.rectangle((60, 30, 60 + SIDE, 30 + SIDE), outline=LINE)
        for axis in range(2):
            if low[axis] < 0 < high[axis]:
                ends = np.stack([low, high])
                ends[:, axis] = 0
                sheet.draw.line([place(end) for end in ends], fill=LINE)
        for number, point in enumerate(points):
            label = 0 if labels is None else labels[number]
            x, y = place(point)
            dot = (x - 3, y - 3, x + 3, y + 3)
            sheet.draw.ellipse(dot, fill=GROUPS[label % len(GROUPS)])
        self._words(sheet, names, low, high, codes, epoch)
        return sheet.pixels[None]

    def _words(self, sheet, names, low, high, codes, epoch):
        title = f"epoch {epoch}, {len(codes)} codes of {codes.shape[1]} values"
        sheet.text(60, 8, title, 14)
        first = "first principal component"
        second = "second principal component"
        if codes.shape[1] == 2:
            first, second = "latent 0", "latent 1"
        below = 30 + SIDE + 6
        sheet.text(60, below, f"{low[0]:.2g}", 12, MUTED)
        sheet.text(60 + SIDE, below, f"{high[0]:.2g}", 12, MUTED, "ra")
        sheet.text(60 + SIDE // 2, below, first, 12, anchor="ma")
        sheet.text(54, 30 + SIDE, f"{low[1]:.2g}", 12, MUTED, "rd")
        sheet.text(54, 30, f"{high[1]:.2g}", 12, MUTED, "ra")
        foot = 30 + (SIDE + text_width(second, 12)) // 2
        sheet.upright(20, foot, second, 12)
        for row, name in enumerate(names[: SIDE // 18]):
            y, x = 38 + 18 * row, 76 + SIDE
            if name:
                dot = (x - 4, y - 4, x + 4, y + 4)
                sheet.draw.ellipse(dot, fill=GROUPS[row % len(GROUPS)])
                sheet.text(x + 10, y, name, 12, anchor="lm", width=76)


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

    >>> quantile_grid(2).astype("float64").round(2).tolist()
    [[-0.67, 0.67], [0.67, 0.67], [-0.67, -0.67], [0.67, -0.67]]
    """
    shares = (np.arange(side) + 0.5) / side
    at = np.array([NormalDist().inv_cdf(share) for share in shares])
    first, second = np.meshgrid(at, at[::-1])
    return np.stack([first, second], -1).reshape(-1, 2).astype("float32")

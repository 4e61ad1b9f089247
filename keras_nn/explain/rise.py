import numpy as np

from keras_nn.explain.explainer import Explainer
from keras_nn.explain.explainer import require_positive


class Rise(Explainer):
    """What the score is, on average, when a place of a picture can be seen.

    `a = sum_k y(x * m_k + b * (1 - m_k)) m_k / (K p)`, with random masks
    `m_k`: coarse grids of which a share `p` is open, enlarged smoothly and
    shifted at random. It asks for scores only, and says nothing of signs: it
    is meant for probabilities.

    Args:
        n_samples: int. Masks, the same for all examples. Defaults to 500.
        grid: int. Cells of a mask along each axis. Defaults to 7.
        open_share: float in (0, 1). Defaults to 0.5.
        seed: int. Of the masks. Defaults to 0.
        linear: as of `Explainer`, but here it defaults to False.
        model, output, batch_size: as of `Explainer`.

    Call arguments:
        inputs: pictures `(n, height, width, channels)`.
        targets, baselines: as of `Explainer`.

    Returns:
        An `Explanation` with attributions `(n, height, width, 1)`.

    Raises:
        ValueError: on other inputs, or a number out of its range.

    Example:

    >>> import keras
    >>> model = keras.Sequential([keras.Input((8, 8, 1)),
    ...     keras.layers.Flatten(), keras.layers.Dense(2, "softmax")])
    >>> found = Rise(model, n_samples=10, grid=2)(np.ones((2, 8, 8, 1)))
    >>> found.attributions.shape
    (2, 8, 8, 1)

    Reference:
        [Petsiuk et al., 2018](https://arxiv.org/abs/1806.07421)
    """

    method = "rise"

    def __init__(
        self,
        model,
        n_samples=500,
        grid=7,
        open_share=0.5,
        seed=0,
        linear=False,
        **kwargs,
    ):
        super().__init__(model, linear=linear, **kwargs)
        require_positive(n_samples=n_samples, grid=grid)
        if not 0 < open_share < 1:
            raise ValueError(
                f"`open_share` must lie between 0 and 1. Received: {open_share}"
            )
        self.n_samples = n_samples
        self.grid = grid
        self.open_share = open_share
        self.seed = seed

    def attribute(self, flat, targets, baselines=None):
        if len(flat) != 1 or flat[0].ndim != 4:
            raise ValueError(
                "RISE needs pictures (n, height, width, channels) as the one "
                f"input. Received: shapes {[x.shape for x in flat]}"
            )
        pictures, absent = flat[0], self.baselines(flat, baselines)[0]
        masks = self._masks(*pictures.shape[1:3])
        count = self.n_samples

        def make(rows):
            example, mask = np.divmod(rows, count)
            seen = masks[mask][..., None]
            return [seen * pictures[example] + (1 - seen) * absent[example]]

        scores = self.scores.values(make, targets.repeat(count))
        scores = scores.reshape(-1, count)
        sums = np.tensordot(scores, masks, axes=1)
        return [sums[..., None] / (count * self.open_share)], None

    def _masks(self, height, width):
        """float32 array `(n_samples, height, width)` in [0, 1]."""
        from scipy.ndimage import zoom

        random = np.random.default_rng(self.seed)
        cells = [-(-side // self.grid) for side in (height, width)]
        masks = np.empty((self.n_samples, height, width), "float32")
        for mask in masks:
            shape = (self.grid + 1, self.grid + 1)
            coarse = 1.0 * (random.uniform(size=shape) < self.open_share)
            large = zoom(coarse, cells, order=1)
            top = random.integers(0, large.shape[0] - height + 1)
            left = random.integers(0, large.shape[1] - width + 1)
            mask[:] = large[top : top + height, left : left + width]
        return masks

import numpy as np

from keras_nn.explain.explainer import Explainer


class Occlusion(Explainer):
    """How much the score falls when a window of a picture is covered.

    `a_i = mean over windows w with i of (y(x) - y(x with w covered))`

    Args:
        window: int, or tuple with one int a position axis: the window's
            sides. Defaults to 8.
        strides: int or tuple, the way to the next window; at most the
            window's side. None means half of it. Defaults to None.
        model, output, linear, batch_size: as of `Explainer`.

    Call arguments:
        inputs: as of `Explainer`; of several inputs the first with positions
            is covered.
        targets: as of `Explainer`.
        baselines: as of `Explainer`: what windows are covered with.

    Returns:
        An `Explanation`.

    Raises:
        ValueError: if no input has positions, or on a window or strides that
            would leave a place out.

    Example:

    >>> import keras
    >>> model = keras.Sequential([keras.Input((4, 4, 1)),
    ...     keras.layers.Flatten(),
    ...     keras.layers.Dense(1, kernel_initializer="ones")])
    >>> found = Occlusion(model, window=2, strides=2)(np.ones((1, 4, 4, 1)))
    >>> found.attributions[0, :, :, 0].max()
    np.float32(4.0)

    Reference:
        [Zeiler and Fergus, 2014](https://arxiv.org/abs/1311.2901)
    """

    method = "occlusion"

    def __init__(self, model, window=8, strides=None, **kwargs):
        super().__init__(model, **kwargs)
        self.window = window
        self.strides = strides

    def attribute(self, flat, targets, baselines=None):
        spatial = [i for i, x in enumerate(flat) if x.ndim > 2]
        if not spatial:
            raise ValueError(
                "occlusion needs an input with positions and channels. "
                f"Received: inputs of shapes {[x.shape for x in flat]}"
            )
        place = spatial[0]
        picture = flat[place]
        cover = self.baselines(flat, baselines)[place]
        sides, starts = self._windows(picture.shape[1:-1])
        count = len(starts)

        def covered(window):
            """Where windows lie: bool array `(rows, *positions, 1)`."""
            inside = True
            for axis, side in enumerate(sides):
                at = np.arange(picture.shape[1 + axis])
                start = starts[window, axis][:, None]
                line = (at >= start) & (at < start + side)
                shape = [len(window)] + [1] * (len(sides) + 1)
                shape[1 + axis] = len(at)
                inside = inside & line.reshape(shape)
            return inside

        def make(rows):
            example, window = np.divmod(rows, count)
            inputs = [x[example] for x in flat]
            inputs[place] = np.where(
                covered(window), cover[example], inputs[place]
            )
            return inputs

        scores = self.scores.values(make, targets.repeat(count))
        falls = self.values(flat, targets).repeat(count) - scores
        sums = np.zeros((*picture.shape[:-1], 1), "float32")
        times = np.zeros((1, *picture.shape[1:-1], 1), "float32")
        for window in range(count):  # an addition each; the model has run
            inside = covered(np.array([window]))
            fall = falls.reshape(-1, count)[:, window]
            sums += inside * fall.reshape(-1, *(1,) * (sums.ndim - 1))
            times += inside
        attributions = [np.zeros(x.shape, "float32") for x in flat]
        attributions[place] += sums / times
        return attributions, None

    def _windows(self, positions):
        """Sides of a window, and where windows begin: `(windows, axes)`."""
        sides = _a_number_an_axis(self.window, positions, "window")
        halves = [max(1, side // 2) for side in sides]
        strides = self.strides if self.strides is not None else halves
        strides = _a_number_an_axis(strides, positions, "strides")
        sides = [min(s, p) for s, p in zip(sides, positions, strict=True)]
        if any(s > w for s, w in zip(strides, sides, strict=True)):
            raise ValueError(
                "`strides` above the window's side leave places out. "
                f"Received: strides={strides}, window={sides}"
            )
        axes = []
        for side, stride, length in zip(sides, strides, positions, strict=True):
            first = np.arange(0, length - side + 1, stride)
            # The last window ends at the edge.
            axes.append(np.union1d(first, [length - side]))
        grid = np.meshgrid(*axes, indexing="ij")
        return sides, np.stack([g.reshape(-1) for g in grid], axis=-1)


def _a_number_an_axis(value, positions, name):
    numbers = [value] * len(positions) if np.ndim(value) == 0 else list(value)
    if len(numbers) != len(positions) or min(numbers) < 1:
        raise ValueError(
            f"`{name}` must be a positive int, or one for each of "
            f"{len(positions)} axes. Received: {name}={value}"
        )
    return numbers

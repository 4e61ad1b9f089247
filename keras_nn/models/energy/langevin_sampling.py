import keras
from keras import ops

from keras_nn.training import input_gradients


class LangevinSampling:
    """Moves examples down an energy, with noise: a walk with its density.

    `x <- x - step_size * dE/dx + noise * normal`, cut to a range after each
    step. With `noise = sqrt(2 * step_size)` and small steps the walk has the
    density `exp(-E) / Z` in the end; what is called SGLD in practice takes
    larger steps and less noise.

    Args:
        energy: callable from examples to energies `(n,)`.
        step_size: float.
        noise: float. Deviation of the noise of a step.
        value_range: pair of floats or None: where examples stay.
        clip: float or None. Largest absolute value of a gradient.

    Example:

    >>> walk = LangevinSampling(
    ...     lambda x: ops.sum(x**2, -1), step_size=0.5, noise=0.0
    ... )
    >>> walk(ops.ones((1, 2)), steps=1, seed=None).numpy().tolist()
    [[0.0, 0.0]]

    Reference:
        [Welling and Teh, 2011](
        https://www.stats.ox.ac.uk/~teh/research/compstats/WelTeh2011a.pdf)
    """

    def __init__(self, energy, step_size, noise, value_range=None, clip=None):
        self.energy = energy
        self.step_size = step_size
        self.noise = noise
        self.value_range = value_range
        self.clip = clip

    def __call__(self, x, steps, seed):
        """Examples after so many steps, without a gradient.

        Args:
            x: float tensor `(n, ...)`.
            steps: int.
            seed: `keras.random.SeedGenerator`, int or None, where there is no
                noise.
        """

        def step(index, x):
            _, slope = input_gradients(self.energy, x)
            if self.clip is not None:
                slope = ops.clip(slope, -self.clip, self.clip)
            x = x - self.step_size * slope
            if self.noise:
                drawn = keras.random.normal(
                    ops.shape(x), dtype="float32", seed=seed
                )
                x = x + self.noise * drawn
            if self.value_range is not None:
                x = ops.clip(x, *self.value_range)
            return x

        x = ops.stop_gradient(ops.cast(x, "float32"))
        return ops.stop_gradient(ops.fori_loop(0, steps, step, x))

import numpy as np

from keras_nn.explain.explainer import Explainer
from keras_nn.explain.explainer import require_positive
from keras_nn.explain.noise_tunnel import over_noise


class NoisyGradients(Explainer):
    """Gradients at noisy copies of the inputs. Abstract.

    `g_k = dy/dx at x + noise (max x - min x) e_k`, `e_k ~ N(0, 1)`

    A subclass names its `method` and the `nt_type` that reduces the copies:
    see `NoiseTunnel`, which does this to any method, with noise in units of
    the inputs.

    Args:
        samples: int. Copies of each example. Defaults to 16.
        noise: float. Standard deviation of the noise, in shares of the range
            of each example. Defaults to 0.2.
        seed: int. Of the noise. Defaults to 0.
        model, output, linear, batch_size: as of `Explainer`.

    Call arguments:
        inputs, targets: as of `Explainer`. The predicted class is that of the
            inputs without noise.

    Returns:
        An `Explanation`, of no negative attributions.
    """

    nt_type = None

    def __init__(self, model, samples=16, noise=0.2, seed=0, **kwargs):
        super().__init__(model, **kwargs)
        require_positive(samples=samples)
        if noise < 0:
            raise ValueError(
                f"`noise` must not be negative. Received: {noise=}"
            )
        self.samples = samples
        self.noise = noise
        self.seed = seed

    def attribute(self, flat, targets):
        found = over_noise(
            self.gradients,
            flat,
            targets,
            [self.noise * np.ptp(x.reshape(len(x), -1), axis=1) for x in flat],
            self.nt_type,
            self.samples,
            self.batch_size,
            self.seed,
        )
        return found, None


class SmoothGradSquared(NoisyGradients):
    """The mean of squared gradients at noisy copies of the inputs.

    `a = 1/K sum_k g_k^2`

    Args:
        model, samples, noise, seed, **kwargs: as of `NoisyGradients`.

    Example:

    >>> import keras
    >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    >>> found = SmoothGradSquared(model)(np.eye(2, 3), targets=1)
    >>> slopes = model.layers[0].kernel.numpy()[:, 1]
    >>> bool(np.allclose(found.attributions[0], slopes**2))
    True

    Reference:
        [Hooker et al., 2019](https://arxiv.org/abs/1806.10758)
    """

    method = "smoothgrad-squared"
    nt_type = "smoothgrad_sq"


class VarGrad(NoisyGradients):
    """The variance of gradients at noisy copies of the inputs.

    `a = 1/K sum_k (g_k - mean g)^2`

    Args:
        model, samples, noise, seed, **kwargs: as of `NoisyGradients`.

    Example:

    >>> import keras
    >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    >>> found = VarGrad(model)(np.eye(2, 3))  # a plane's slope is one
    >>> bool(found.attributions.max() < 1e-12)
    True

    Reference:
        [Adebayo et al., 2018](https://arxiv.org/abs/1810.03307)
    """

    method = "vargrad"
    nt_type = "vargrad"

import numpy as np

from keras_nn.explain.explainer import require_positive
from keras_nn.explain.explanation import Explanation
from keras_nn.explain.gradient_shap import noise

_TYPES = ("smoothgrad", "smoothgrad_sq", "vargrad")


class NoiseTunnel:
    """Another method's attributions, over noisy copies of the inputs.

    SmoothGrad is their mean, SmoothGrad squared the mean of their squares,
    and VarGrad their variance.

    Args:
        explainer: `Explainer`. The method.
        nt_type: str. `"smoothgrad"`, `"smoothgrad_sq"` or `"vargrad"`.
            Defaults to `"smoothgrad"`.
        nt_samples: int. Copies of each example. Defaults to 5.
        stdevs: float. Standard deviation of the noise, in units of the
            inputs. Defaults to 1.
        seed: int. Of the noise. Defaults to 0.

    Call arguments:
        inputs, targets: as of `Explainer`. The predicted class is that of the
            inputs without noise.
        **arguments: further call arguments of the method. Baselines must be
            numbers, or arrays with a batch of 1.

    Returns:
        An `Explanation`, without a convergence delta.

    Raises:
        ValueError: on an argument that there is not.

    Example:

    >>> import keras
    >>> from keras_nn.explain import Saliency
    >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    >>> found = NoiseTunnel(Saliency(model), "vargrad")(np.ones((2, 3)))
    >>> found.method, bool(found.attributions.max() < 1e-12)
    ('vargrad of saliency', True)

    Reference:
        [Smilkov et al., 2017](https://arxiv.org/abs/1706.03825);
        [Adebayo et al., 2018](https://arxiv.org/abs/1810.03307)
    """

    def __init__(
        self, explainer, nt_type="smoothgrad", nt_samples=5, stdevs=1.0, seed=0
    ):
        if nt_type not in _TYPES:
            raise ValueError(
                f"`nt_type` must be one of {_TYPES}. Received: {nt_type=}"
            )
        require_positive(nt_samples=nt_samples)
        if stdevs < 0:
            raise ValueError(
                f"`stdevs` must not be negative. Received: {stdevs=}"
            )
        self.explainer = explainer
        self.nt_type = nt_type
        self.nt_samples = nt_samples
        self.stdevs = stdevs
        self.seed = seed
        self.method = f"{nt_type} of {explainer.method}"

    def __call__(self, inputs, targets=None, **arguments):
        explainer = self.explainer
        view = explainer.view(inputs)
        flat = view.flat_inputs(inputs)
        targets = explainer.scores.choose(flat, targets)
        random = np.random.default_rng(self.seed)
        # Chunks of whole examples, so that many copies fit into memory.
        step = max(1, explainer.batch_size // self.nt_samples)
        parts = []
        for start in range(0, len(targets), step):
            part = slice(start, start + step)
            copies = [
                noise(x[part].repeat(self.nt_samples, 0), self.stdevs, random)
                for x in flat
            ]
            chosen = targets[part].repeat(self.nt_samples)
            found, _ = explainer.attribute(copies, chosen, **arguments)
            parts.append([self._reduced(a) for a in found])
        joined = [np.concatenate(p) for p in zip(*parts, strict=True)]
        return Explanation(
            view.structured(joined, inputs), self.method, targets
        )

    def _reduced(self, attributions):
        shape = (-1, self.nt_samples, *attributions.shape[1:])
        copies = attributions.reshape(shape).astype("float32")
        if self.nt_type == "vargrad":
            return copies.var(axis=1)
        if self.nt_type == "smoothgrad_sq":
            copies = np.square(copies)
        return copies.mean(axis=1)

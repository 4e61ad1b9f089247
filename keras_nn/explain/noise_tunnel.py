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
        of_layer = explainer.layered and explainer.layer is not None
        if of_layer and explainer.neuron is None:
            raise ValueError(
                "noise is added to inputs: the method must explain these. "
                f"Received: layer={explainer.layer!r}"
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

        def attribute(copies, chosen):
            return explainer.attribute(copies, chosen, **arguments)[0]

        found = over_noise(
            attribute,
            flat,
            targets,
            [self.stdevs] * len(flat),
            self.nt_type,
            self.nt_samples,
            explainer.batch_size,
            self.seed,
        )
        return Explanation(view.structured(found, inputs), self.method, targets)


def over_noise(
    attribute, flat, targets, stdevs, nt_type, nt_samples, batch_size, seed
):
    """Attributions over noisy copies, reduced to those of the examples.

    Args:
        attribute: callable from a list of arrays `(rows, ...)` and targets
            `(rows,)` to a list of arrays.
        flat: list of arrays `(n, ...)`, the inputs.
        targets: int array `(n,)`.
        stdevs: list, one an input, of the noise's standard deviation: float,
            or array `(n,)`.
        nt_type, nt_samples, seed: as of `NoiseTunnel`.
        batch_size: int. About how many copies there are at once.

    Returns:
        A list of float32 arrays, one an input.
    """
    random = np.random.default_rng(seed)
    count = len(targets)
    spread = [np.broadcast_to(np.asarray(s, "float32"), count) for s in stdevs]
    # Chunks of whole examples, so that many copies fit into memory.
    step = max(1, batch_size // nt_samples)
    parts = []
    for start in range(0, count, step):
        part = slice(start, start + step)
        copies = [
            noise(
                x[part].repeat(nt_samples, 0),
                s[part].repeat(nt_samples),
                random,
            )
            for x, s in zip(flat, spread, strict=True)
        ]
        found = attribute(copies, targets[part].repeat(nt_samples))
        parts.append([_reduced(a, nt_type, nt_samples) for a in found])
    return [np.concatenate(p) for p in zip(*parts, strict=True)]


def _reduced(attributions, nt_type, nt_samples):
    shape = (-1, nt_samples, *attributions.shape[1:])
    copies = attributions.reshape(shape).astype("float32")
    if nt_type == "vargrad":
        return copies.var(axis=1)
    if nt_type == "smoothgrad_sq":
        copies = np.square(copies)
    return copies.mean(axis=1)

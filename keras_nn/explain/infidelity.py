import numpy as np

from keras_nn.explain.explainer import require_positive
from keras_nn.explain.gradient_shap import noise


def infidelity(
    explainer,
    inputs,
    attributions=None,
    targets=None,
    perturb=None,
    stdev=0.1,
    n_perturb_samples=10,
    normalize=False,
    seed=0,
):
    """How badly attributions foretell what a change of the input does.

    `mean_d (d . a - (y(x) - y(x - d)))^2`: attributions `a`, taken as slopes,
    against what the score does. Small is good. For methods whose attributions
    have the input multiplied in (integrated gradients), `perturb` should set
    features to the baseline and return 1 for these.

    Args:
        explainer: `Explainer`. Its model, output and batch size are used;
            without `attributions`, its explanation is judged.
        inputs: as the explainer takes them.
        attributions: of the structure of `inputs`, or None.
        targets: as the explainer takes them.
        perturb: callable `(generator, arrays) -> (d, moved)`, from the list
            of float32 inputs to what is multiplied with attributions and to
            the changed inputs, lists of arrays; or None for Gaussian noise.
        stdev: float. Of that noise. Defaults to 0.1.
        n_perturb_samples: int. Draws for each example. Defaults to 10.
        normalize: bool. Whether to multiply attributions with the number that
            makes them best, so that their scale does not matter. Defaults to
            False.
        seed: int. Of the draws. Defaults to 0.

    Returns:
        float array `(n,)`.

    Raises:
        ValueError: if `n_perturb_samples` is not positive.

    Example:

    >>> import keras
    >>> from keras_nn.explain import Saliency
    >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    >>> slopes = Saliency(model, absolute=False)
    >>> bool(infidelity(slopes, np.ones((2, 3)), targets=0).max() < 1e-9)
    True

    Reference:
        [Yeh et al., 2019](https://arxiv.org/abs/1901.09392)
    """
    require_positive(n_perturb_samples=n_perturb_samples)
    if attributions is None:
        explained = explainer(inputs, targets)
        attributions, targets = explained.attributions, explained.targets
    view = explainer.view(inputs)
    flat = view.flat_inputs(inputs)
    slopes = [np.asarray(a) for a in view.flattened(attributions)]
    targets = explainer.scores.choose(flat, targets)
    generator = np.random.default_rng(seed)
    scores = explainer.values(flat, targets)
    foretold, seen = [], []
    for _ in range(n_perturb_samples):
        if perturb is None:
            moved = [noise(x, stdev, generator) for x in flat]
            steps = [x - m for x, m in zip(flat, moved, strict=True)]
        else:
            steps, moved = perturb(generator, flat)
        foretold.append(
            sum(
                (a * d).reshape(len(targets), -1).sum(axis=1)
                for a, d in zip(slopes, steps, strict=True)
            )
        )
        seen.append(scores - explainer.values(moved, targets))
    foretold, seen = np.array(foretold), np.array(seen)
    if normalize:
        power = (foretold**2).mean(axis=0)
        scale = (foretold * seen).mean(axis=0) / np.where(power > 0, power, 1)
        foretold = foretold * scale
    return ((foretold - seen) ** 2).mean(axis=0)

import keras
import numpy as np

from keras_nn.explain.explainer import require_positive


def sensitivity_max(
    explainer,
    inputs,
    targets=None,
    perturb_radius=0.02,
    n_perturb_samples=10,
    seed=0,
    **arguments,
):
    """How much an explanation changes when the input hardly does.

    `max_d |a(x + d) - a(x)| / |a(x)|`, `d` uniform in `[-radius, radius]` for
    each number. Small is good: who looks twice should read the same.

    Args:
        explainer: `Explainer`, or a `NoiseTunnel`.
        inputs, targets: as the explainer takes them.
        perturb_radius: float, in units of the inputs. Defaults to 0.02.
        n_perturb_samples: int. Draws. Defaults to 10.
        seed: int. Of the draws. Defaults to 0.
        **arguments: further call arguments of the explainer.

    Returns:
        float array `(n,)`.

    Raises:
        ValueError: if a number that must be positive is not.

    Example:

    >>> from keras_nn.explain import Saliency
    >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    >>> sensitivity_max(Saliency(model), np.ones((2, 3)), targets=0)
    array([0., 0.])

    Reference:
        [Yeh et al., 2019](https://arxiv.org/abs/1901.09392)
    """
    return _changes(
        explainer,
        inputs,
        targets,
        perturb_radius,
        n_perturb_samples,
        seed,
        arguments,
    ).max(axis=0)


def sensitivity_mean(
    explainer,
    inputs,
    targets=None,
    perturb_radius=0.02,
    n_perturb_samples=10,
    seed=0,
    **arguments,
):
    """How much an explanation changes on average when the input hardly does.

    As `sensitivity_max`, with the mean over the draws for the maximum
    (average sensitivity).

    Args:
        explainer, inputs, targets: as of `sensitivity_max`.
        perturb_radius, n_perturb_samples, seed: as of `sensitivity_max`.
        **arguments: further call arguments of the explainer.

    Returns:
        float array `(n,)`.

    Raises:
        ValueError: if a number that must be positive is not.

    Example:

    >>> from keras_nn.explain import Saliency
    >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    >>> sensitivity_mean(Saliency(model), np.ones((2, 3)), targets=0)
    array([0., 0.])

    Reference:
        [Yeh et al., 2019](https://arxiv.org/abs/1901.09392)
    """
    return _changes(
        explainer,
        inputs,
        targets,
        perturb_radius,
        n_perturb_samples,
        seed,
        arguments,
    ).mean(axis=0)


def _changes(explainer, inputs, targets, radius, count, seed, arguments):
    """Relative changes of the explanation, draw by draw: `(count, n)`."""
    require_positive(n_perturb_samples=count)
    if radius <= 0:
        raise ValueError(
            "`perturb_radius` must be positive. Received: "
            f"perturb_radius={radius}"
        )
    first = explainer(inputs, targets, **arguments)
    base = _vectors(first.attributions)
    norm = np.linalg.norm(base, axis=1)
    random = np.random.default_rng(seed)

    def moved(x):
        x = np.asarray(x)
        if x.dtype.kind in "iu" and x.dtype != "uint8":
            return x
        step = random.uniform(-radius, radius, x.shape)
        return (x + step).astype("float32")

    changes = []
    for _ in range(count):
        near = keras.tree.map_structure(moved, inputs)
        found = explainer(near, first.targets, **arguments)
        change = np.linalg.norm(_vectors(found.attributions) - base, axis=1)
        changes.append(change / np.where(norm > 0, norm, 1))
    return np.array(changes)


def _vectors(attributions):
    flat = [np.asarray(a) for a in keras.tree.flatten(attributions)]
    return np.concatenate(
        [a.reshape(len(a), -1).astype("float64") for a in flat], axis=1
    )

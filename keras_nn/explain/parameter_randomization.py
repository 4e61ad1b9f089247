import numpy as np

from keras_nn.explain import graphs
from keras_nn.explain.conciseness import magnitudes


def parameter_randomization(
    explainer, inputs, targets=None, cascading=True, seed=0, **arguments
):
    """Does an explanation change when the model forgets what it learnt?

    The weights of one layer after the other are shuffled, from the last to
    the first, and the explanation is compared with that of the model as it
    is: Spearman's rank correlation of their magnitudes. It must fall. A
    method that draws the same picture of a model without knowledge (guided
    backpropagation, for one) shows edges, not reasons.

    Args:
        explainer: `Explainer`, or a `NoiseTunnel` or such of one. Its model
            gets its weights back in the end.
        inputs, targets: as the explainer takes them.
        cascading: bool. Whether layers stay shuffled while the next one is;
            or else one is at a time. Defaults to True.
        seed: int. Of the shuffling. Defaults to 0.
        **arguments: further call arguments of the explainer.

    Returns:
        A dict from a layer's path to a float64 array `(n,)`, in the order of
        shuffling; 0 where an explanation is the same everywhere.

    Raises:
        ValueError: if no layer has weights that are trained.

    Example:

    >>> import keras
    >>> from keras_nn.explain import Saliency
    >>> model = keras.Sequential([
    ...     keras.Input((9,)), keras.layers.Dense(8, "relu", name="first"),
    ...     keras.layers.Dense(2, name="last"),
    ... ])
    >>> found = parameter_randomization(Saliency(model), np.ones((4, 9)), 0)
    >>> [path.split("/")[-1] for path in found], found.popitem()[1].shape
    (['last', 'first'], (4,))

    Reference:
        [Adebayo et al., 2018](https://arxiv.org/abs/1810.03292)
    """
    inner = getattr(explainer, "explainer", explainer)
    first = explainer(inputs, targets, **arguments)
    before = _ranked(first.attributions)
    learnt = _layers_with_weights(inner.model)
    random = np.random.default_rng(seed)
    present = inner.model.get_weights()
    found = {}
    try:
        for layer in reversed(learnt):
            if not cascading:
                inner.model.set_weights(present)
            for weight in layer.trainable_weights:
                values = weight.numpy().reshape(-1)
                weight.assign(random.permutation(values).reshape(weight.shape))
            after = explainer(inputs, first.targets, **arguments)
            shared = before * _ranked(after.attributions)
            found[layer.path] = shared.sum(axis=1)
    finally:
        inner.model.set_weights(present)
    return found


def _layers_with_weights(model):
    """Those that hold weights of their own and no layers, in order."""
    learnt = [
        layer
        for layer in graphs.sublayers(model)
        if layer.trainable_weights and not graphs.sublayers(layer)
    ]
    if not learnt:
        kinds = sorted({type(layer).__name__ for layer in model.layers})
        raise ValueError(
            "a layer must have weights that are trained. Received: a model "
            f"with layers of the kinds {kinds}"
        )
    return learnt


def _ranked(attributions):
    """Ranks of magnitudes, centred, of length 1: `(n, numbers)`."""
    from scipy.stats import rankdata

    ranks = rankdata(magnitudes(attributions), axis=1)
    ranks = ranks - ranks.mean(axis=1, keepdims=True)
    norm = np.linalg.norm(ranks, axis=1, keepdims=True)
    return ranks / np.where(norm > 0, norm, 1)

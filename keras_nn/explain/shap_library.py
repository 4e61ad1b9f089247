"""Bridges to the SHAP library: `pip install "keras_nn[shap]"`."""

import keras
import numpy as np

from keras_nn.explain.explainer import Explainer
from keras_nn.explain.explainer import total

ALGORITHMS = ("permutation", "partition", "kernel", "exact", "sampling")


class ShapLibrary(Explainer):
    """Shapley values as the SHAP library computes them.

    The library asks for the score of the class with features of the example
    in place of those of a background. For what it draws from it, see `shap`;
    `KernelShap` and `ShapleyValues` are this suite's own.

    Args:
        background: array `(rows, ...)` of inputs: what the absence of a
            feature looks like, on average.
        algorithm: str. `"permutation"`, `"partition"`, `"kernel"`, `"exact"`
            or `"sampling"`. Defaults to `"permutation"`.
        max_evals: int or None. Of the model, for each example; None means
            what the library needs at least. Defaults to None.
        seed: int. Defaults to 0.
        model, output, linear, batch_size: as of `Explainer`.

    Call arguments:
        inputs, targets: as of `Explainer`; the model has one input.

    Returns:
        An `Explanation`. The convergence delta is the sum of the attributions
        less `y(x)` and plus the mean of `y` over the background.

    Raises:
        ImportError: if the library is not installed.
        ValueError: on another algorithm or a model of several inputs.

    Example:

    >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(
    ...     1, kernel_initializer="ones")])
    >>> explain = ShapLibrary(model, np.zeros((1, 3)))
    >>> explain(np.array([[1.0, 2.0, 4.0]])).attributions # doctest: +SKIP
    array([[1., 2., 4.]], dtype=float32)
    >>> explain.method
    'shap'

    Reference:
        [Lundberg and Lee, 2017](https://arxiv.org/abs/1705.07874)
    """

    method = "shap"

    def __init__(
        self,
        model,
        background,
        algorithm="permutation",
        max_evals=None,
        seed=0,
        **kwargs,
    ):
        super().__init__(model, **kwargs)
        if algorithm not in ALGORITHMS:
            raise ValueError(
                f"`algorithm` must be one of {ALGORITHMS}. "
                f"Received: {algorithm=}"
            )
        self.background = background
        self.algorithm = algorithm
        self.max_evals = max_evals
        self.seed = seed

    def attribute(self, flat, targets):
        if len(flat) != 1:
            raise ValueError(
                "the SHAP library is asked about models of one input. "
                f"Received: {len(flat)} inputs"
            )
        (x,) = flat
        (background,) = self.scores.view.flat_inputs(self.background)
        shape = x.shape[1:]
        found, base = np.zeros((len(x), x[0].size)), np.zeros(len(x))
        for target in np.unique(targets):
            rows = np.flatnonzero(targets == target)
            values, base[rows] = self._of_class(
                x[rows].reshape(len(rows), -1),
                background.reshape(len(background), -1),
                shape,
                int(target),
            )
            found[rows] = values
        attributions = [found.reshape(x.shape)]
        delta = total(attributions) + base - self.values(flat, targets)
        return attributions, delta

    def _of_class(self, rows, background, shape, target):
        shap = shap_library()

        def score(table):
            table = np.asarray(table, "float32").reshape(-1, *shape)
            targets = np.full(len(table), target, "int32")
            return self.scores.values(lambda at: [table[at]], targets)

        base = float(score(background).mean())
        if self.algorithm in ("kernel", "sampling"):
            kinds = {
                "kernel": shap.KernelExplainer,
                "sampling": shap.SamplingExplainer,
            }
            state = np.random.get_state()
            np.random.seed(self.seed)  # the library draws from NumPy's own
            try:
                explainer = kinds[self.algorithm](score, background)
                given = {"silent": True}
                if self.max_evals is not None:
                    given["nsamples"] = self.max_evals
                return np.asarray(explainer.shap_values(rows, **given)), base
            finally:
                np.random.set_state(state)
        masker = shap.maskers.Independent(
            background, max_samples=len(background)
        )
        if self.algorithm == "partition":
            masker = shap.maskers.Partition(
                background, max_samples=len(background)
            )
        explainer = shap.Explainer(
            score, masker, algorithm=self.algorithm, seed=self.seed
        )
        size = rows.shape[1]
        evals = self.max_evals or max(500, 2 * size + 1)
        found = explainer(rows, max_evals=evals, silent=True)
        return np.asarray(found.values).reshape(len(rows), size), base


def as_shap(explanation, inputs, base_values=0.0, feature_names=None):
    """An `Explanation` as one of the SHAP library, for its plots.

    Args:
        explanation: `Explanation` of a model of one input.
        inputs: array `(n, ...)`: what was explained.
        base_values: float or array `(n,)`. The score that the attributions
            start from. Defaults to 0.
        feature_names: list of str or None.

    Returns:
        A `shap.Explanation`, e.g. for `shap.plots.waterfall(found[0])`.

    Raises:
        ImportError: if the library is not installed.
        ValueError: if attributions and inputs differ in shape.

    Example:

    >>> from keras_nn.explain import InputXGradient
    >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    >>> x = np.ones((4, 3))
    >>> as_shap(InputXGradient(model)(x), x).values.shape # doctest: +SKIP
    (4, 3)
    """
    shap = shap_library()
    values = np.asarray(explanation.attributions)
    inputs = np.asarray(inputs)
    if keras.tree.is_nested(explanation.attributions) or (
        values.shape != inputs.shape
    ):
        raise ValueError(
            "`inputs` must be the one input that was explained. Received: "
            f"attributions {values.shape}, inputs {inputs.shape}"
        )
    return shap.Explanation(
        values,
        base_values=np.broadcast_to(base_values, (len(values),)).copy(),
        data=inputs,
        feature_names=feature_names,
    )


def shap_library():
    """The module `shap`.

    Raises:
        ImportError: if it is not installed; the text names the extra.
    """
    try:
        import shap
    except ImportError as error:
        raise ImportError(
            "This needs the SHAP library: "
            '`pip install "keras_nn[shap]"`. Received: no module `shap`'
        ) from error
    return shap

import numpy as np

from keras_nn.explain.example_losses import ExampleLosses
from keras_nn.explain.explainer import require_positive
from keras_nn.explain.influence import Influence
from keras_nn.explain.tracin import checked_labels
from keras_nn.explain.tracin import first_of

SOLVERS = ("cg", "exact")
CURVATURES = ("hessian", "gauss-newton")


class InfluenceFunctions:
    """What the loss would be had a training example not been there.

    `s(z, z') = grad l(z) . (H + damping I)^-1 grad l(z') / m`

    of the Hessian `H` of the mean training loss at the weights: to first
    order how much the loss of `z` rises when `z'` is left out of the `m`
    examples, and the model trained again to its minimum. That holds where
    there is one minimum: for linear models, and for the last layer of a
    network on its fixed features. In deep networks the numbers are a hint
    (Basu et al., 2021).

    Args:
        model: any built `keras.Model`, trained to a minimum.
        inputs, labels: the training examples, as of `TracIn`.
        damping: float. Added to the Hessian's diagonal: the strength of a
            weight decay `damping / 2 |w|^2` if there was one in training.
            Defaults to 0.01.
        solver: str. `"cg"`, conjugate gradients, which needs the Hessian's
            products only; or `"exact"`, which builds the Hessian, for some
            thousand weights. Defaults to `"cg"`.
        curvature: str. `"hessian"`, or `"gauss-newton"`, which is never
            negative: for several layers of a network, whose Hessian is not
            positive definite. Of one linear layer they are the same. Defaults
            to `"hessian"`.
        max_steps: int. Of conjugate gradients. Defaults to 200.
        tolerance: float. Of the residual, relative. Defaults to 1e-5.
        loss, output, batch_size: as of `ExampleLosses`.
        layers: as of `ExampleLosses`. Defaults to `"last"`.

    Call arguments:
        inputs, labels: as of `TracIn`.

    Returns:
        An `Influence`.

    Raises:
        ValueError: on another solver; in the call, if the damped Hessian is
            not positive definite, or conjugate gradients do not converge.

    Example:

    >>> import keras
    >>> random = np.random.default_rng(0)
    >>> x, y = random.normal(size=(20, 3)), np.arange(20) % 2
    >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    >>> InfluenceFunctions(model, x, y)(x[:2], y[:2]).scores.shape
    (2, 20)

    Reference:
        [Koh and Liang, 2017](https://arxiv.org/abs/1703.04730);
        [Basu et al., 2021](https://arxiv.org/abs/2006.14651);
        [Gauss-Newton](https://arxiv.org/abs/1412.1193)
    """

    method = "influence-functions"

    def __init__(
        self,
        model,
        inputs,
        labels,
        damping=0.01,
        solver="cg",
        curvature="hessian",
        max_steps=200,
        tolerance=1e-5,
        loss=None,
        layers="last",
        output=None,
        batch_size=64,
    ):
        require_positive(max_steps=max_steps)
        if solver not in SOLVERS:
            raise ValueError(
                f"`solver` must be one of {SOLVERS}. Received: {solver!r}"
            )
        if curvature not in CURVATURES:
            raise ValueError(
                f"`curvature` must be one of {CURVATURES}. "
                f"Received: {curvature!r}"
            )
        if damping < 0 or tolerance <= 0:
            raise ValueError(
                "`damping` must not be negative, and `tolerance` positive. "
                f"Received: {damping=}, {tolerance=}"
            )
        self.model = model
        self.inputs = inputs
        self.labels = checked_labels(inputs, labels)
        self.damping = damping
        self.solver = solver
        self.curvature = curvature
        self.max_steps = max_steps
        self.tolerance = tolerance
        self.losses = ExampleLosses(
            model, first_of(inputs), loss, layers, output, batch_size
        )

    def __call__(self, inputs, labels=None):
        asked = self.losses.prepared(inputs)
        if labels is None:
            labels = self.losses.predicted(asked)
        labels = checked_labels(inputs, labels)
        learnt = self.losses.prepared(self.inputs)
        slopes = self.losses.gradients(asked, labels).astype("float64")
        turned = self._solved(slopes, learnt)
        parts = [
            turned
            @ self.losses.gradients(
                [x[rows] for x in learnt], self.labels[rows]
            ).T
            for rows in self.losses.portions(len(self.labels))
        ]
        scores = np.concatenate(parts, axis=1) / len(self.labels)
        return Influence(scores, self.method, labels)

    def _solved(self, slopes, learnt):
        """Rows `(H + damping I)^-1 g` for rows `g`."""

        def product(vector):
            found = self.losses.curvature_product(
                learnt, self.labels, vector, self.curvature
            )
            return found + self.damping * vector

        if self.solver == "cg":
            return np.stack([self._descended(product, g) for g in slopes])
        hessian = np.stack([product(e) for e in np.eye(slopes.shape[1])])
        hessian = (hessian + hessian.T) / 2
        lowest = np.linalg.eigvalsh(hessian)[0]
        if lowest <= 0:
            raise ValueError(_NOT_CONVEX.format(lowest, self.damping))
        return np.linalg.solve(hessian, slopes.T).T

    def _descended(self, product, slope):
        """Conjugate gradients from 0."""
        found, residual = np.zeros_like(slope), slope.copy()
        direction, power = residual.copy(), residual @ residual
        limit = power * self.tolerance**2
        for _ in range(self.max_steps):
            if power <= limit:
                return found
            moved = product(direction)
            curvature = direction @ moved
            if curvature <= 0:
                length = direction @ direction
                raise ValueError(
                    _NOT_CONVEX.format(curvature / length, self.damping)
                )
            step = power / curvature
            found += step * direction
            residual -= step * moved
            last, power = power, residual @ residual
            direction = residual + power / last * direction
        if power <= limit:
            return found
        raise ValueError(
            "conjugate gradients did not converge: raise `damping`, "
            "`tolerance` or `max_steps`. Received: a residual of "
            f"{np.sqrt(power / (slope @ slope)):.2g} after {self.max_steps} "
            f"steps, damping={self.damping}"
        )


_NOT_CONVEX = (
    "the damped Hessian must be positive definite; raise `damping`, train to "
    "a minimum, or take the curvature `gauss-newton`. Received: a curvature "
    "of {:.3g} with damping={}"
)

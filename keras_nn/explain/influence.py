from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Influence:
    """What each training example did to predictions.

    Args:
        scores: float array `(n, m)`, of `n` predictions and `m` training
            examples: positive where the example made the loss of the
            prediction smaller, negative where it made it larger.
        method: str. Name of the method.
        labels: array `(n, ...)`: what the loss of each prediction is about.

    Example:

    >>> scores = np.array([[0.1, -0.4, 0.3]])
    >>> found = Influence(scores, "tracin", np.array([0]))
    >>> found.proponents(2).tolist(), found.opponents(1).tolist()
    ([[2, 0]], [[1]])
    """

    scores: np.ndarray
    method: str
    labels: np.ndarray

    def proponents(self, count):
        """The training examples that helped most, best first.

        Args:
            count: int. How many.

        Returns:
            int array `(n, count)`: places among the training examples.
        """
        return np.argsort(-self.scores, axis=1, kind="stable")[:, :count]

    def opponents(self, count):
        """Those that did the most harm, worst first: int `(n, count)`."""
        return np.argsort(self.scores, axis=1, kind="stable")[:, :count]

import keras
import numpy as np

from keras_nn.explain.example_losses import ExampleLosses
from keras_nn.explain.influence import Influence


class TracIn:
    """Which training examples made the model say so, by their gradients.

    `s(z, z') = sum_c eta_c grad l(w_c, z) . grad l(w_c, z')`

    over checkpoints `c`: how much a training step on `z'` lowers the loss of
    `z`, to first order. With `layers="last"` only the last layer counts,
    whose gradients are outer products, so that nothing as large as the
    weights is ever held (TracInCP-fast; captum's leaves out the bias).

    Args:
        model: any built `keras.Model`.
        inputs: the training examples, array `(m, ...)` or the structure that
            the model takes.
        labels: array `(m, ...)`, their labels.
        checkpoints: list of weights along the training: of paths that
            `model.load_weights` takes, or of what `model.get_weights()` gave.
            None means the present weights. Defaults to None.
        learning_rates: float, or one for each checkpoint. Defaults to 1.
        loss, layers, output, batch_size: as of `ExampleLosses`.

    Call arguments:
        inputs: examples `(n, ...)`.
        labels: array `(n, ...)`; None means the predicted classes.

    Returns:
        An `Influence`.

    Raises:
        ValueError: on learning rates that do not fit, or other layers.

    Example:

    >>> random = np.random.default_rng(0)
    >>> x, y = random.normal(size=(20, 3)), np.arange(20) % 2
    >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    >>> found = TracIn(model, x, y)(x[:2], y[:2])
    >>> found.scores.shape, found.proponents(1).shape
    ((2, 20), (2, 1))

    Reference:
        [Pruthi et al., 2020](https://arxiv.org/abs/2002.08484)
    """

    method = "tracin"

    def __init__(
        self,
        model,
        inputs,
        labels,
        checkpoints=None,
        learning_rates=1.0,
        loss=None,
        layers=None,
        output=None,
        batch_size=64,
    ):
        count = 1 if checkpoints is None else len(checkpoints)
        rates = np.asarray(learning_rates, "float64")
        if rates.shape not in ((), (count,)) or not count:
            raise ValueError(
                "`learning_rates` must be a number, or one for each of "
                f"{count} checkpoints. Received: {learning_rates}"
            )
        self.model = model
        self.inputs = inputs
        self.labels = checked_labels(inputs, labels)
        self.checkpoints = checkpoints
        self.learning_rates = learning_rates
        self._rates = np.broadcast_to(rates, (count,))
        self.losses = ExampleLosses(
            model, first_of(inputs), loss, layers, output, batch_size
        )

    def __call__(self, inputs, labels=None):
        if labels is None:
            labels = self.losses.predicted(self.losses.prepared(inputs))
        labels = checked_labels(inputs, labels)
        scores = np.zeros((len(labels), len(self.labels)))
        for rate in self._along_the_training():
            asked = self.losses.prepared(inputs)
            learnt = self.losses.prepared(self.inputs)
            product = self._fast if self.losses.is_last else self._full
            scores += rate * product(asked, labels, learnt)
        return Influence(scores, self.method, labels)

    def self_influence(self):
        """How much each training example lowers its own loss: `(m,)`.

        The highest are rare examples, and those with wrong labels.
        """
        found = np.zeros(len(self.labels))
        for rate in self._along_the_training():
            flat = self.losses.prepared(self.inputs)
            for rows in self.losses.portions(len(found)):
                part, labels = [x[rows] for x in flat], self.labels[rows]
                if self.losses.is_last:
                    one, two = self.losses.factors(part, labels)
                    power = (one**2).sum(axis=1) * (two**2).sum(axis=1)
                else:
                    slopes = self.losses.gradients(part, labels)
                    power = (slopes**2).sum(axis=1)
                found[rows] += rate * power
        return found

    def _full(self, asked, labels, learnt):
        ours = self.losses.gradients(asked, labels)
        parts = [
            ours
            @ self.losses.gradients(
                [x[rows] for x in learnt], self.labels[rows]
            ).T
            for rows in self.losses.portions(len(self.labels))
        ]
        return np.concatenate(parts, axis=1)

    def _fast(self, asked, labels, learnt):
        ours = self.losses.factors(asked, labels)
        theirs = self.losses.factors(learnt, self.labels)
        features, slopes = (
            one @ two.T for one, two in zip(ours, theirs, strict=True)
        )
        return features * slopes

    def _along_the_training(self):
        """The learning rate at each checkpoint, once its weights are in."""
        if self.checkpoints is None:
            yield self._rates[0]
            return
        present = self.model.get_weights()
        try:
            pairs = zip(self.checkpoints, self._rates, strict=True)
            for checkpoint, rate in pairs:
                if isinstance(checkpoint, list | tuple):
                    self.model.set_weights(checkpoint)
                else:
                    self.model.load_weights(checkpoint)
                yield rate
        finally:
            self.model.set_weights(present)


def first_of(inputs):
    """The first example, in the structure of the inputs."""
    return keras.tree.map_structure(lambda x: np.asarray(x[:1]), inputs)


def checked_labels(inputs, labels):
    """Labels as an array, one for each example.

    Raises:
        ValueError: if there are more or fewer than examples.
    """
    labels = np.asarray(labels)
    counts = {len(x) for x in keras.tree.flatten(inputs)}
    if labels.ndim == 0 or counts != {len(labels)}:
        raise ValueError(
            f"there must be one label for each of {sorted(counts)} examples. "
            f"Received: labels of shape {labels.shape}"
        )
    return labels

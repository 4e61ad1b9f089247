import keras
import numpy as np

from keras_nn.explain.explanation import Explanation
from keras_nn.explain.functional_view import FunctionalView
from keras_nn.explain.scores import Scores


class Explainer:
    """Why did the model say so? The base of every method of attribution.

    An explainer is made for a model and called with inputs. It works on any
    Keras model through a `FunctionalView`: Functional, Sequential, subclassed,
    nested, with several inputs and outputs, in half precision; the model is
    not changed, and each call sees its present weights.

    A subclass names its `method` and overrides `attribute`.

    Args:
        model: any built `keras.Model`.
        output: str, int or None. Which of the model's outputs is explained.
            Defaults to None, for a model with one.
        linear: bool. Whether to explain the logit, the output before a
            softmax or sigmoid that ends the model, rather than the
            probability. Defaults to True.
        batch_size: int. Rows that the model sees at once. Defaults to 64.

    Call arguments:
        inputs: array `(n, ...)`, or the structure of arrays that the model
            takes. Integer inputs (token ids) are held by the methods that
            follow gradients, and get attributions of 0.
        targets: int, or int array `(n,)`: the class to explain in each
            example. None means the predicted class. Of one output unit, 1 is
            the unit, 0 its negative, and None the unit.
        baselines: what the absence of an input looks like: a number, an array
            that broadcasts to the inputs, or a structure of these; None means
            0. Only for methods that compare with it.

    Returns:
        An `Explanation`.

    Raises:
        ValueError: on a target, an output or an argument that there is not.

    Example:

    >>> class Gradient(Explainer):
    ...     method = "gradient"
    ...     def attribute(self, flat, targets):
    ...         make = lambda rows: [x[rows] for x in flat]
    ...         batches = self.scores.gradients(make, targets)
    ...         parts = [gradients for _, _, gradients in batches]
    ...         return [np.concatenate(p) for p in zip(*parts)], None
    >>> model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    >>> Gradient(model)(np.ones((4, 3)), targets=1).attributions.shape
    (4, 3)
    """

    method = None
    apart = False

    def __init__(self, model, output=None, linear=True, batch_size=64):
        self.model = model
        self.output = output
        self.linear = linear
        self.batch_size = batch_size
        self.scores = None

    def __call__(self, inputs, targets=None, **arguments):
        view = self.view(inputs)
        flat = view.flat_inputs(inputs)
        targets = self.scores.choose(flat, targets)
        attributions, delta = self.attribute(flat, targets, **arguments)
        attributions = [np.asarray(a, "float32") for a in attributions]
        if delta is not None:
            delta = np.asarray(delta, "float32")
        return Explanation(
            view.structured(attributions, inputs), self.method, targets, delta
        )

    def attribute(self, flat, targets):
        """The attributions of flat inputs, for a subclass to say.

        Args:
            flat: list of float32 or int arrays, one an input of the model.
            targets: int array `(n,)`.

        Returns:
            `(attributions, delta)`: a list of arrays, one an input, and an
            array `(n,)` or None.
        """
        raise NotImplementedError

    def view(self, inputs):
        """The model as it is looked into, with its present weights."""
        if self.scores is None:
            if not self.model.built:
                self.model(keras.tree.map_structure(lambda x: x[:1], inputs))
            view = FunctionalView(
                self.model, inputs, linear=self.linear, apart=self.apart
            )
            self.scores = Scores(view, self.output, self.batch_size)
        else:
            self.scores.view.refresh()
        return self.scores.view

    def baselines(self, flat, baselines):
        """What inputs are compared with: a list of arrays of their shapes."""
        if baselines is None:
            baselines = [0] * len(flat)
        given = [np.asarray(b) for b in self._flattened(baselines, len(flat))]
        try:
            return [
                np.broadcast_to(b, x.shape).astype(x.dtype)
                for b, x in zip(given, flat, strict=True)
            ]
        except ValueError as error:
            raise ValueError(
                "`baselines` must broadcast to the inputs, of shapes "
                f"{[x.shape for x in flat]}. Received: shapes "
                f"{[b.shape for b in given]}"
            ) from error

    def values(self, flat, targets):
        """The scores of examples as they are: array `(n,)`."""
        return self.scores.values(lambda rows: [x[rows] for x in flat], targets)

    def gradients(self, flat, targets):
        """The gradients at examples as they are: list of arrays."""
        batches = self.scores.gradients(
            lambda rows: [x[rows] for x in flat], targets
        )
        parts = [found for _, _, found in batches]
        return [np.concatenate(p) for p in zip(*parts, strict=True)]

    def _flattened(self, structure, size):
        """A list with one entry an input."""
        if np.ndim(structure) == 0 and not isinstance(structure, dict):
            return [structure] * size
        if size == 1 and not isinstance(structure, dict | list | tuple):
            return [structure]
        return self.scores.view.flattened(structure)


def total(attributions):
    """The sum of all attributions of each example: array `(n,)`."""
    return sum(a.reshape(len(a), -1).sum(axis=1) for a in attributions)


def require_positive(**named):
    """Refuses a number that must be at least 1."""
    for name, value in named.items():
        if value < 1:
            raise ValueError(
                f"`{name}` must be positive. Received: {name}={value}"
            )

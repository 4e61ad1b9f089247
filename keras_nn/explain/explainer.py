import keras
import numpy as np

from keras_nn.explain.explanation import Explanation
from keras_nn.explain.functional_view import FunctionalView
from keras_nn.explain.inner_views import LayerView
from keras_nn.explain.inner_views import NeuronView
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
        layer: str or None. Name of a layer (of one in a nested model its own
            name), for methods that follow gradients: its activations are
            explained in place of the inputs. Defaults to None.
        neuron: int, tuple of ints, or None. With `layer`, for every method
            that explains inputs by a score: what is explained is not a class
            but this unit of the layer, a channel (averaged over its
            positions) or the place of one number. Defaults to None.

    Call arguments:
        inputs: array `(n, ...)`, or the structure of arrays that the model
            takes. Integer inputs (token ids) are held by the methods that
            follow gradients, and get attributions of 0.
        targets: int, or int array `(n,)`: the class to explain in each
            example. None means the predicted class. Of one output unit, 1 is
            the unit, 0 its negative, and None the unit.
        baselines: what the absence of an input looks like: a number, an array
            that broadcasts to the inputs, or a structure of these; None means
            0. Only for methods that compare with it. With `layer`, what the
            layer gives for these is compared with.

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
    layered = False  # whether a layer may be explained in place of inputs

    def __init__(
        self,
        model,
        output=None,
        linear=True,
        batch_size=64,
        layer=None,
        neuron=None,
    ):
        if neuron is not None and (layer is None or output is not None):
            raise ValueError(
                "`neuron` is a unit of a `layer`, and stands in for an "
                f"`output`. Received: {layer=}, {neuron=}, {output=}"
            )
        if layer is not None and neuron is None and not self.layered:
            raise ValueError(
                f"{self.method} explains inputs; it takes a `layer` with a "
                f"`neuron`. Received: {layer=}, neuron=None"
            )
        self.model = model
        self.output = output
        self.linear = linear
        self.batch_size = batch_size
        self.layer = layer
        self.neuron = neuron
        self.scores = None

    def __call__(self, inputs, targets=None, **arguments):
        view = self.view(inputs)
        flat = view.flat_inputs(inputs)
        if self.neuron is not None and targets is not None:
            raise ValueError(
                "a neuron is explained, not a class: leave `targets` out. "
                f"Received: {targets=}"
            )
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
            if self.neuron is not None:
                view = NeuronView(view, self.layer, self.neuron)
            elif self.layered and self.layer is not None:
                view = LayerView(view, self.layer, self.batch_size)
            self.scores = Scores(view, self.output, self.batch_size)
        else:
            self.scores.view.refresh()
        return self.scores.view

    def baselines(self, flat, baselines, held=True):
        """What inputs are compared with: a list of arrays of their shapes.

        Args:
            flat: list of arrays, as `attribute` gets them.
            baselines: as of the call.
            held: bool. Of a layer's activations: whether what reaches the
                outputs around the layer stays what it is. Defaults to True.
        """
        view = self.scores.view
        if not isinstance(view, LayerView):
            return self._broadcast(flat, baselines)
        own = self._broadcast(flat[1:], baselines)
        entered = view.entered(own)
        return [entered[0], *(flat[1:] if held else own)]

    def examples(self, flat, baselines):
        """Examples to compare with, `(m, ...)`: a list, one an input.

        Args:
            flat: list of arrays, the model's inputs.
            baselines: as of the call; None means one example of 0.
        """
        if baselines is None:
            return [np.zeros((1, *x.shape[1:]), x.dtype) for x in flat]
        pools = [np.asarray(b) for b in self._flattened(baselines, len(flat))]
        shapes = [x.shape[1:] for x in flat]
        if [p.shape[1:] for p in pools] != shapes or not len(pools[0]):
            raise ValueError(
                "`baselines` must be examples of the inputs' shapes "
                f"{shapes}. Received: shapes {[p.shape for p in pools]}"
            )
        return [p.astype(x.dtype) for p, x in zip(pools, flat, strict=True)]

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

    def _broadcast(self, flat, baselines):
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

"""A layer class with the arguments and the inputs that it is checked with."""

import inspect

import keras
import numpy as np
from keras import ops

from keras_nn.testing.backend import gradients
from keras_nn.testing.backend import read
from keras_nn.testing.inputs import is_shape
from keras_nn.testing.inputs import make_inputs


class Subject:
    """Makes fresh layers and calls them on the same inputs.

    Args:
        cls: the layer class.
        init_kwargs: dict of constructor arguments, or a function of none.
        inputs: a shape, an array, or a nest of those.
        call_kwargs: dict. Further call arguments.
    """

    def __init__(self, cls, init_kwargs, inputs, call_kwargs=None):
        self.cls = cls
        self.init_kwargs = init_kwargs
        self.first = next(iter(inspect.signature(cls.call).parameters), None)
        self.tensors = {"inputs": make_inputs(inputs)}
        self.plain = {}
        for name, value in (call_kwargs or {}).items():
            if hasattr(value, "shape") or (is_shape(value) and value):
                self.tensors[name] = make_inputs(value, len(self.tensors))
            else:
                self.plain[name] = value
        self.projections = None

    @property
    def given(self):
        """dict. Constructor arguments, layers among them new each time."""
        if callable(self.init_kwargs):
            return self.init_kwargs()
        return dict(self.init_kwargs)

    def make(self, **more):
        """A new layer, not yet built."""
        return self.cls(**{**self.given, **more})

    def call(self, layer, tensors=None, training=False, **more):
        """The outputs of `layer`."""
        tensors = dict(self.tensors if tensors is None else tensors)
        inputs = tensors.pop("inputs")
        arguments = {**self.plain, **tensors, **more}
        if "training" in inspect.signature(layer.call).parameters:
            arguments.setdefault("training", training)
        return layer(inputs, **arguments)

    def floats(self, outputs):
        """The floating-point tensors among the outputs, as a list."""
        return [
            leaf
            for leaf in keras.tree.flatten(outputs)
            if leaf is not None and keras.backend.is_float_dtype(leaf.dtype)
        ]

    def loss(self, layer, outputs):
        """A scalar that depends on every output in its own way."""
        outputs = self.floats(outputs)
        if self.projections is None:
            generator = np.random.default_rng(0)
            self.projections = [
                generator.normal(size=output.shape[1:]).astype("float32")
                for output in outputs
            ]
        terms = [
            ops.mean(ops.cast(output, "float32") * projection)
            for output, projection in zip(
                outputs, self.projections, strict=True
            )
        ]
        return sum([*terms, *layer.losses])

    def step(self, layer, tensors=None):
        """Outputs and gradients of one training call.

        Returns:
            `(outputs, gradients)`, a gradient None where no path leads.
        """

        def forward():
            outputs = self.call(layer, tensors, training=True)
            return self.loss(layer, outputs), outputs

        if not layer.trainable_weights:
            return forward()[1], []
        _, outputs, found = gradients(
            forward, layer.trainable_weights, layer.variables
        )
        return outputs, found

    def random_states(self, layer, before):
        """Whether seeds have moved since `before = read(layer.variables)`."""
        weights = {id(weight) for weight in layer.weights}
        return any(
            not np.array_equal(old, new)
            for variable, old, new in zip(
                layer.variables, before, read(layer.variables), strict=True
            )
            if id(variable) not in weights
        )

"""A model looked into at one of its layers: up to it, or from it on."""

import keras
import numpy as np

from keras_nn.explain import graphs


class InnerView:
    """What is common to views that begin or end at a layer. Abstract.

    Args:
        whole: `FunctionalView` of the model.
    """

    def __init__(self, whole):
        self.whole = whole

    def flat_inputs(self, inputs):
        """The model's input structure as a list of arrays."""
        return self.whole.flat_inputs(inputs)

    def structured(self, flat, inputs):
        """A list with one entry an input, in the structure of the inputs."""
        return self.whole.structured(flat, inputs)

    def flattened(self, inputs):
        """What a structure like the model's inputs holds, as a list."""
        return self.whole.flattened(inputs)

    def refresh(self):
        """Bring the present weights of the model over."""
        self.whole.refresh()


class NeuronView(InnerView):
    """A model up to one unit of a layer, which takes the score's place.

    Args:
        whole: `FunctionalView` of the model.
        layer: str. Name of a layer of the view.
        neuron: int, a channel, averaged over its positions; or a tuple of
            ints, the place of one number in what the layer gives.

    Raises:
        ValueError: if there is no such layer or unit.

    Example:

    >>> from keras_nn.explain import FunctionalView
    >>> model = keras.Sequential([
    ...     keras.Input((3,)), keras.layers.Dense(4, name="hidden"),
    ...     keras.layers.Dense(2),
    ... ])
    >>> NeuronView(FunctionalView(model), "hidden", 3).model.output_shape
    (None, 1)
    """

    def __init__(self, whole, layer, neuron):
        super().__init__(whole)
        tensor = tensor_of(whole, layer)
        *positions, channel = place_of(neuron, tensor, layer)
        unit = tensor[(slice(None), *positions)] if positions else tensor
        unit = unit[..., channel : channel + 1]
        self.outputs = [unit]
        self.model = keras.Model(whole.model.inputs, self.outputs)

    def output_index(self, output):
        """The place of an output among the view's: there is one."""
        return 0


class LayerView(InnerView):
    """A model from what a layer gives on.

    Its first input are the activations of the layer. The model's own inputs
    follow, since they may reach the outputs around the layer, too.

    Args:
        whole: `FunctionalView` of the model.
        layer: str. Name of a layer of the view.
        batch_size: int. Rows that the model sees at once.

    Raises:
        ValueError: if there is no such layer.

    Example:

    >>> from keras_nn.explain import FunctionalView
    >>> model = keras.Sequential([
    ...     keras.Input((3,)), keras.layers.Dense(4, name="hidden"),
    ...     keras.layers.Dense(2),
    ... ])
    >>> view = LayerView(FunctionalView(model), "hidden", 64)
    >>> [x.shape for x in view.flat_inputs(np.ones((5, 3)))]
    [(5, 4), (5, 3)]
    """

    def __init__(self, whole, layer, batch_size):
        super().__init__(whole)
        self.batch_size = batch_size
        tensor = tensor_of(whole, layer)
        stops = graphs.producer(tensor)
        self.head = keras.Model(whole.model.inputs, tensor)
        starts, *inputs = (
            keras.Input(batch_shape=t.shape, dtype=t.dtype)
            for t in (tensor, *whole.model.inputs)
        )

        def call(operation, *args, **kwargs):
            if operation is stops:
                return starts
            return operation(*args, **kwargs)

        outputs = graphs.run(whole.model, inputs, call)
        self.outputs = keras.tree.flatten(outputs)
        self.model = keras.Model([starts, *inputs], self.outputs)

    def flat_inputs(self, inputs):
        return self.entered(self.whole.flat_inputs(inputs))

    def structured(self, flat, inputs):
        return flat[0]

    def output_index(self, output):
        """The place of an output among the view's."""
        return self.whole.output_index(output)

    def entered(self, flat):
        """The view's inputs for the model's: lists of arrays.

        Args:
            flat: list of arrays, one an input of the model.

        Returns:
            list of arrays: the layer's activations, then `flat`.
        """
        parts = [
            np.asarray(
                self.head(
                    [x[start : start + self.batch_size] for x in flat],
                    training=False,
                )
            )
            for start in range(0, len(flat[0]), self.batch_size)
        ]
        return [np.concatenate(parts), *flat]


def tensor_of(view, layer):
    """What a layer of a view gives: a symbolic tensor.

    Args:
        view: `FunctionalView`.
        layer: str. The layer's name; what it gives includes its activation.

    Raises:
        ValueError: if there is no such layer, if it gives several tensors, or
            if the model calls it several times.
    """
    known = [
        operation.name
        for operation in view.model.layers
        if graphs.has_input(operation)
    ]
    if layer not in known:
        raise ValueError(f"`layer` must be one of {known}. Received: {layer!r}")
    # A view that takes layers apart has made two layers of one that ends in
    # an activation.
    inside = f"{layer}_activation"
    if not view.apart or inside not in known:
        inside = layer
    found = graphs.outputs_of(view.model, view.model.get_layer(inside))
    if len(found) != 1:
        raise ValueError(
            "`layer` must be called once, and give one tensor. Received: "
            f"{layer!r}, which gives {len(found)}"
        )
    return found[0]


def place_of(neuron, tensor, layer):
    """A unit's place in what a layer gives: tuple of ints.

    Args:
        neuron: int, a channel, or a tuple of ints.
        tensor: symbolic tensor of the layer.
        layer: str. The layer's name.

    Raises:
        ValueError: if there is no such unit.
    """
    is_channel = isinstance(neuron, int)
    place = (neuron,) if is_channel else tuple(neuron)
    sizes = tensor.shape[-1:] if is_channel else tensor.shape[1:]
    fits = len(place) == len(sizes) and all(
        0 <= i and (size is None or i < size)
        for i, size in zip(place, sizes, strict=True)
    )
    if not fits:
        raise ValueError(
            "`neuron` must be a channel, or the place of one number, in what "
            f"{layer!r} gives, of shape {tuple(tensor.shape[1:])}. "
            f"Received: {neuron=}"
        )
    return place

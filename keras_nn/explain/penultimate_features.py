import keras
from keras import ops

from keras_nn.explain import graphs


def penultimate_features(view, output=None):
    """The model up to what its last layer with weights looks at.

    In a classifier these are the features that are told apart by hyperplanes,
    so what lies close together there is alike to the model.

    Args:
        view: `FunctionalView`.
        output: str, int or None. Which of the model's outputs to start from.
            Defaults to None, for a model with one.

    Returns:
        A `keras.Model` from the view's inputs to `(n, features)`. Features
        with positions are averaged over them.

    Raises:
        ValueError: If no layer with weights leads to the output.

    Example:

    >>> from keras_nn.explain import FunctionalView
    >>> model = keras.Sequential([
    ...     keras.Input((4,)),
    ...     keras.layers.Dense(7, activation="relu"),
    ...     keras.layers.Dense(3),
    ...     keras.layers.Softmax(),
    ... ])
    >>> penultimate_features(FunctionalView(model)).output_shape
    (None, 7)
    """
    tensor = view.outputs[view.output_index(output)]
    layer = graphs.producer(tensor)
    while not getattr(layer, "weights", None):
        before = layer.input if graphs.has_input(layer) else None
        if not isinstance(before, keras.KerasTensor):
            raise ValueError(
                "one layer with weights must lead to the output. "
                f"Received: it ends in {layer.name}"
            )
        layer = graphs.producer(before)
    features = layer.input
    if len(features.shape) > 2:
        features = ops.mean(features, axis=range(1, len(features.shape) - 1))
    return keras.Model(view.model.inputs, features, name="features")

from keras_nn.explain.explainer import require_positive
from keras_nn.explain.functional_view import FunctionalView
from keras_nn.explain.inner_views import LayerView


def layer_activations(model, inputs, layer, batch_size=64):
    """What a layer of a model gives for inputs.

    Args:
        model: any built `keras.Model`.
        inputs: array `(n, ...)`, or the structure of arrays that the model
            takes.
        layer: str. Name of a layer; of one in a nested model its own name.
        batch_size: int. Rows that the model sees at once. Defaults to 64.

    Returns:
        float32 array `(n, ...)`.

    Raises:
        ValueError: if there is no such layer.

    Example:

    >>> import keras, numpy as np
    >>> inner = keras.Sequential(
    ...     [keras.Input((3,)), keras.layers.Dense(4, name="hidden")]
    ... )
    >>> model = keras.Sequential([inner, keras.layers.Dense(2)])
    >>> layer_activations(model, np.ones((5, 3)), "hidden").shape
    (5, 4)
    """
    require_positive(batch_size=batch_size)
    view = LayerView(FunctionalView(model, inputs), layer, batch_size)
    return view.flat_inputs(inputs)[0]

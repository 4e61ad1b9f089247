import keras
import numpy as np

from keras_nn.explain import graphs

_ATTENTIONS = (
    keras.layers.MultiHeadAttention,
    keras.layers.GroupQueryAttention,
)


def attention_model(view, with_outputs=False):
    """A model of everything that a view's inputs attend to.

    It finds the attention layers of Keras, and every softmax over the keys
    `(batch, heads, queries, keys)` in what the view has taken apart. It does
    not follow later changes of weights in all of them: make it anew.

    Args:
        view: `FunctionalView` with `apart=True`.
        with_outputs: bool. Whether the view's outputs follow. Defaults to
            False.

    Returns:
        A `keras.Model` from the view's inputs to the list of attention weights
        `(batch, heads, queries, keys)`, from the first layer to the last.

    Raises:
        ValueError: if there are none.
    """
    found = []

    def call(operation, *args, **kwargs):
        if isinstance(operation, _ATTENTIONS):
            # Keras takes every call of a layer to have as many outputs as
            # the first, so a copy makes the one with two.
            twin = graphs.copy_of(operation)
            kwargs = {**kwargs, "return_attention_scores": True}
            outputs, weights = twin(*args, **kwargs)
            twin.set_weights(operation.get_weights())
            found.append(weights)
            return outputs
        outputs = operation(*args, **kwargs)
        is_softmax = type(operation).__name__ == "Softmax"
        if is_softmax and len(outputs.shape) == 4:
            found.append(outputs)
        return outputs

    inputs = [
        keras.Input(batch_shape=t.shape, dtype=t.dtype)
        for t in view.model.inputs
    ]
    with graphs.untouched(view.model, []):
        ends = graphs.run(view.model, inputs, call)
        if not found:
            kinds = sorted({type(o).__name__ for o in view.model.operations})
            raise ValueError(
                "attention maps need a model with attention. "
                f"Received: operations of the kinds {kinds}"
            )
        if with_outputs:
            found += keras.tree.flatten(ends)
        return keras.Model(inputs, found, name="attention")


def rolled_out(weights, fusion="mean", discard=0.0):
    """How tokens of the last layer draw on those of the first.

    `rollout = prod_l (A_l + I) / 2`, rows scaled to 1.

    Args:
        weights: list of arrays `(n, heads, tokens, tokens)`.
        fusion: str. `"mean"`, `"max"` or `"min"` over heads.
        discard: float in [0, 1). Share of the lowest weights that count as 0.

    Returns:
        float array `(n, tokens, tokens)`.
    """
    result = None
    for layer in weights:
        fused = getattr(np, fusion)(layer.astype("float64"), axis=1)
        if discard:
            flat = fused.reshape(len(fused), -1)
            lowest = np.quantile(flat, discard, axis=1)[:, None, None]
            fused = np.where(fused < lowest, 0, fused)
        fused = fused + np.eye(fused.shape[-1])
        fused = fused / fused.sum(axis=-1, keepdims=True)
        result = fused if result is None else fused @ result
    return result

"""Gradients and compiled functions on TensorFlow and on JAX."""

import keras
import numpy as np

from keras_nn.testing.inputs import map_arrays

TENSORFLOW = keras.config.backend() == "tensorflow"


def read(variables):
    """The values of `variables` as NumPy arrays."""
    return [
        np.array(keras.ops.convert_to_numpy(keras.ops.convert_to_tensor(v)))
        for v in variables
    ]


def write(variables, values):
    """Assigns `values` to `variables`."""
    for variable, value in zip(variables, values, strict=True):
        variable.assign(value)


def gradients(function, weights, states=()):
    """Evaluates a loss and its gradients at live Keras variables.

    Args:
        function: callable without arguments that returns `(loss, outputs)`.
        weights: list of `keras.Variable`. What to differentiate by.
        states: list of `keras.Variable` that `function` may update.

    Returns:
        `(loss, outputs, gradients)`; a gradient is None where no path leads
        to a weight (on JAX it is then zero).
    """
    if TENSORFLOW:
        import tensorflow as tf

        with tf.GradientTape() as tape:
            loss, outputs = function()
        found = tape.gradient(loss, [w.value for w in weights])
        dense = [g if g is None else tf.convert_to_tensor(g) for g in found]
        return loss, outputs, dense

    import jax

    states = [v for v in states if all(v is not w for w in weights)]

    def pure(values):
        outputs, new = _stateless(function, weights, values, states)
        return outputs[0], (outputs[1], new)

    (loss, (outputs, new)), found = jax.value_and_grad(pure, has_aux=True)(
        [w.value for w in weights]
    )
    write(states, new)
    return loss, outputs, found


def apply(optimizer, found, weights):
    """One update of `weights` by `optimizer`, outside any training loop."""
    if TENSORFLOW:
        optimizer.apply(found, weights)
        return
    # `LossScaleOptimizer.apply` needs a functional style on JAX.
    optimizer.build(weights)
    new_weights, new_states = optimizer.stateless_apply(
        [v.value for v in optimizer.variables],
        found,
        [w.value for w in weights],
    )
    write(weights, new_weights)
    write(optimizer.variables, new_states)


def compiled(function, variables, jit=False, any_batch_of=None):
    """`function(inputs)` traced once, as a graph or by XLA.

    Args:
        function: callable of one nest of tensors.
        variables: list of `keras.Variable` that it reads or updates.
        jit: bool. Compile with XLA. JAX always does.
        any_batch_of: nest of arrays. Trace once for every size of their
            leading axis; JAX traces once a size.
    """
    if TENSORFLOW:
        import tensorflow as tf

        signature = None
        if any_batch_of is not None:
            signature = [
                map_arrays(
                    lambda x: tf.TensorSpec((None, *x.shape[1:]), x.dtype),
                    any_batch_of,
                )
            ]
        graph = tf.function(
            function,
            input_signature=signature,
            jit_compile=jit,
            autograph=False,
        )
        return lambda inputs: graph(map_arrays(tf.constant, inputs))

    import jax

    @jax.jit
    def pure(values, inputs):
        return _stateless(lambda: function(inputs), variables, values)

    def run(inputs):
        outputs, new = pure([v.value for v in variables], inputs)
        write(variables, new)
        return outputs

    return run


def _stateless(function, variables, values, watched=None):
    mapping = list(zip(variables, values, strict=True))
    with keras.StatelessScope(mapping, collect_losses=True) as scope:
        outputs = function()
    new = []
    for variable in variables if watched is None else watched:
        value = scope.get_current_value(variable)
        new.append(variable.value if value is None else value)
    return outputs, new

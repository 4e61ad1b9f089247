"""A layer in half precision stays there, and learns under loss scaling."""

import contextlib

import keras
import numpy as np
from keras import ops

from keras_nn.testing.backend import TENSORFLOW
from keras_nn.testing.backend import apply
from keras_nn.testing.backend import compiled
from keras_nn.testing.backend import gradients
from keras_nn.testing.backend import read
from keras_nn.testing.backend import write
from keras_nn.testing.numbers import arrays

POLICIES = ("mixed_bfloat16", "mixed_float16")


@contextlib.contextmanager
def global_policy(name):
    """A context in which layers are made under dtype policy `name`."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(name)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def check_half(subject, policy, output_dtype=None):
    """Asserts that a layer under `policy` computes in half, and learns.

    Args:
        subject: `Subject`.
        policy: str. `"mixed_bfloat16"` or `"mixed_float16"`.
        output_dtype: str. Of the outputs, where it is not the compute dtype.
    """
    # A sublayer that is not handed `dtype=self.dtype_policy` takes the global
    # policy; float64 tells it from one that asks for float32 on purpose.
    with global_policy("float64"):
        layer = subject.make(dtype=policy)
        _assert_policy_reaches_sublayers(layer)
        try:
            outputs = subject.call(layer, training=True)
        finally:
            _assert_policy_reaches_sublayers(layer)
    expected = output_dtype or layer.compute_dtype
    outputs = subject.floats(outputs)
    for output in outputs:
        dtype = keras.backend.standardize_dtype(output.dtype)
        assert dtype == expected, (
            f"under {policy} the output must be {expected}. Received: {dtype}"
        )
        values = keras.ops.convert_to_numpy(keras.ops.cast(output, "float32"))
        assert np.isfinite(values).all(), (
            f"under {policy} the output is not finite"
        )
    if layer.trainable_weights and outputs:
        check_learns(
            layer,
            policy,
            lambda: subject.floats(subject.call(layer, training=True)),
        )


def check_learns(layer, policy, call, steps=12):
    """Asserts that a few Adam steps lower a loss, with scaling in float16.

    The loss is the squared distance to the first outputs plus noise.

    Args:
        layer: a built layer or model.
        policy: str. Its dtype policy.
        call: callable that returns its outputs in training, a list.
        steps: int. How many steps it may take to lower the loss.
    """
    optimizer = keras.optimizers.Adam(0.01)
    if policy == "mixed_float16":
        optimizer = keras.optimizers.LossScaleOptimizer(optimizer)
    weights = layer.trainable_weights
    states = layer.non_trainable_variables
    start = read(states)
    generator = np.random.default_rng(0)
    targets = [
        output + generator.normal(size=output.shape).astype("float32")
        for output in arrays([ops.cast(y, "float32") for y in call()])
    ]

    def loss():
        total = sum(
            ops.mean((ops.cast(output, "float32") - target) ** 2)
            for output, target in zip(call(), targets, strict=True)
        )
        return optimizer.scale_loss(total), total

    def step(_):
        _, value, found = gradients(loss, weights, states)
        apply(optimizer, found, weights)
        return value

    optimizer.build(weights)
    if not TENSORFLOW:  # operations one by one are slow on JAX
        step = compiled(step, [*layer.variables, *optimizer.variables])
    losses = []
    for _ in range(steps):
        write(states, start)
        losses.append(float(step(())))
        if losses[-1] < losses[0] or not np.isfinite(losses[-1]):
            break
    assert losses[-1] < losses[0], (
        f"under {policy} {steps} steps do not lower the loss. "
        f"Received: {losses}"
    )


def _assert_policy_reaches_sublayers(layer):
    for sublayer in layer._flatten_layers():
        assert sublayer.dtype_policy.name != "float64", (
            f"sublayer '{sublayer.path or sublayer.name}' is not given "
            "dtype=self.dtype_policy"
        )

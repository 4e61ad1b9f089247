"""A short `fit`, alone or on two replicas."""

import keras
import numpy as np
from keras import ops

from keras_nn.testing.backend import read
from keras_nn.testing.numbers import assert_close
from keras_nn.testing.precision import global_policy
from keras_nn.testing.replica_step import LEARNING_RATE


def compiled_model(make, compile_kwargs, x, optimizer, policy="float32"):
    """A new model, built on `x` and compiled.

    Args:
        make: callable that returns the model.
        compile_kwargs: dict of arguments of `compile`, or a function that
            returns one.
        x: its inputs.
        optimizer: used where `compile_kwargs` names none.
        policy: str. The global dtype policy to make it under.
    """
    given = compile_kwargs() if callable(compile_kwargs) else compile_kwargs
    with global_policy(policy):
        model = make()
        model(x)
    model.compile(**{"optimizer": optimizer, **given})
    return model


def check_fit(model, x, y, epochs):
    """Asserts that `fit` lowers the loss and stays finite."""
    history = model.fit(x, y, epochs=epochs, batch_size=len_of(x), verbose=0)
    losses = history.history["loss"]
    policy = model.dtype_policy.name
    assert np.isfinite(losses).all(), (
        f"fit under {policy} has a loss that is not finite: {losses}"
    )
    assert min(losses[1:]) < losses[0], (
        f"fit under {policy} does not lower the loss. Received: {losses}"
    )
    for value, weight in zip(read(model.weights), model.weights, strict=True):
        assert np.isfinite(value).all(), (
            f"{weight.path} is not finite after fit under {policy}"
        )


def check_same_fit(build, x, y):
    """Asserts that the same seed gives the same training."""
    weights = []
    for _ in range(2):
        keras.utils.set_random_seed(0)
        model = build()
        model.fit(x, y, epochs=1, batch_size=len_of(x), verbose=0)
        weights.append(read(model.weights))
    assert_close(*weights, "weights after fit from the same seed", 1e-6)


def plain_descent():
    """An optimiser whose step is proportional to the gradient."""
    return keras.optimizers.SGD(LEARNING_RATE)


@keras.saving.register_keras_serializable(package="keras_nn")
class SignDescent(keras.optimizers.Optimizer):
    r"""A step of fixed length against the sign of each gradient.

    `w <- w - learning_rate * sign(g)`: what Adam's first step is. It lowers
    the loss of any model in a few steps, and a graph of it has a tenth of the
    operations of Adam, whose tracing takes longer than all else in a check.

    Args:
        learning_rate: float. The length of a step in each weight.
        **kwargs: those of `keras.optimizers.Optimizer`.
    """

    def __init__(self, learning_rate=1e-2, name="sign_descent", **kwargs):
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)

    def update_step(self, gradient, variable, learning_rate):
        step = ops.cast(learning_rate, variable.dtype) * ops.sign(gradient)
        self.assign_sub(variable, step)


def len_of(x):
    """int. The number of examples."""
    return keras.tree.flatten(x)[0].shape[0]

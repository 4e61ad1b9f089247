"""Combinations that Keras cannot do right on replicas, refused early."""

import keras
import tensorflow as tf

from keras_nn.training import accumulation
from keras_nn.training import keras_internals
from keras_nn.training import replicas
from keras_nn.training.strategy import joins_workers
from keras_nn.training.update import innermost


def check(model, steps_per_epoch=None):
    """Raises ValueError for a setting that would fail or be wrong.

    Args:
        model: a compiled model, about to be trained or evaluated.
        steps_per_epoch: int or None. Batches in an epoch, if it is cut.
    """
    _check_accumulation(model, steps_per_epoch)
    if keras.distribution.distribution() is not None:
        raise ValueError(
            "keras.distribution does not shard anything on TensorFlow. Use a "
            "tf.distribute strategy. Received: "
            f"{type(keras.distribution.distribution()).__name__}"
        )
    strategy = model.distribute_strategy
    _check_scope(model)
    if isinstance(strategy, tf.distribute.ParameterServerStrategy):
        raise ValueError(
            "ParameterServerStrategy cannot be used with `fit` in Keras 3. "
            "Use MirroredStrategy. Received: ParameterServerStrategy"
        )
    if isinstance(strategy, tf.distribute.TPUStrategy):
        check_layers_compile(model)
    count = replicas.num_replicas(strategy)
    if count == 1:
        return
    if model.jit_compile:
        raise ValueError(
            "XLA cannot compile a step on several replicas. Compile with "
            "`jit_compile=False`. Received: jit_compile=True, "
            f"{count} replicas"
        )


def check_single_batch(model):
    """Raises ValueError where a batch alone would be taken for an update."""
    steps = accumulation.steps_of(model)
    if steps > 1:
        raise ValueError(
            "`train_on_batch` makes one update of what it is given. Use "
            "`fit`, or hand it the whole batch. Received: "
            f"gradient_accumulation_steps={steps}"
        )


def check_layers_compile(model):
    """Raises ValueError for a layer that XLA, and so a TPU, cannot run."""
    for layer in model._flatten_layers():
        if not layer.supports_jit:
            raise ValueError(
                "A TPU runs what XLA compiles. Leave this layer out of the "
                "model, or apply it to the data set. Received: "
                f"{type(layer).__name__} '{layer.name}', which XLA cannot "
                "compile"
            )


def _check_accumulation(model, steps_per_epoch):
    steps = accumulation.steps_of(model)
    if steps > 1 and steps_per_epoch and steps_per_epoch % steps:
        raise ValueError(
            "`steps_per_epoch` counts batches and must be a multiple of "
            f"gradient_accumulation_steps={steps}. Received: "
            f"{steps_per_epoch=}"
        )
    for optimizer in map(innermost, model.all_optimizers):
        if steps > 1 and optimizer.built:
            if not hasattr(optimizer, "_accumulated_gradients"):
                raise ValueError(
                    "`gradient_accumulation_steps` must be set before the "
                    f"optimiser is built. Received: '{optimizer.name}', which "
                    "has its state already"
                )


def _check_scope(model):
    built_under = keras_internals.strategy_built_under(model)
    if tf.distribute.has_strategy():
        current = tf.distribute.get_strategy()
        if built_under is not current:
            raise ValueError(
                _OUTSIDE.format("model")
                + f"a model of {type(built_under).__name__} in the scope "
                f"of {type(current).__name__}"
            )
    if built_under is None and joins_workers():
        raise ValueError(
            _OUTSIDE.format("model") + "a model of no strategy in one of "
            "several workers, each of which would train its own"
        )
    if built_under is None:
        return
    created_inside = built_under.extended.variable_created_in_scope
    for weight in model.weights:
        if not created_inside(weight.value):
            raise ValueError(
                _OUTSIDE.format("network, or a part of it,")
                + f"'{weight.path}' of no strategy in a model of "
                f"{type(built_under).__name__}"
            )


_OUTSIDE = (
    "The {} was built outside the strategy that it is trained under. Build "
    "and compile all of it inside `with strategy.scope(): network = ...; "
    "model = ...; model.compile(...)`. Received: "
)

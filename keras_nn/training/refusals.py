"""Combinations that Keras cannot do right on replicas, refused early."""

import keras
import tensorflow as tf

from keras_nn.training import keras_internals
from keras_nn.training import replicas


def check(model):
    """Raises ValueError for a setting that would fail or be wrong.

    Args:
        model: a compiled model, about to be trained or evaluated.
    """
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
    count = replicas.num_replicas(strategy)
    if count == 1:
        return
    if model.jit_compile:
        raise ValueError(
            "XLA cannot compile a step on several replicas. Compile with "
            "`jit_compile=False`. Received: jit_compile=True, "
            f"{count} replicas"
        )
    if model.steps_per_execution != 1:
        raise ValueError(
            "`steps_per_execution` must be 1 on several replicas. Received: "
            f"steps_per_execution={model.steps_per_execution}, "
            f"{count} replicas"
        )
    for optimizer in model.all_optimizers:
        _check_optimizer(
            getattr(optimizer, "inner_optimizer", optimizer), count
        )


def _check_scope(model):
    if not tf.distribute.has_strategy():
        return
    current = tf.distribute.get_strategy()
    built_under = keras_internals.strategy_built_under(model)
    if built_under is not current:
        raise ValueError(
            "The model was built outside the strategy that it is trained "
            "under. Build and compile it inside `with strategy.scope():`. "
            f"Received: a model of {type(built_under).__name__} in the scope "
            f"of {type(current).__name__}"
        )


def _check_optimizer(optimizer, count):
    if optimizer.gradient_accumulation_steps:
        raise ValueError(
            "`gradient_accumulation_steps` cannot be used on several "
            "replicas. Received: gradient_accumulation_steps="
            f"{optimizer.gradient_accumulation_steps}, {count} replicas"
        )
    if optimizer.use_ema and optimizer.ema_overwrite_frequency:
        raise ValueError(
            "`ema_overwrite_frequency` cannot be used on several replicas. "
            "Use keras.callbacks.SwapEMAWeights. Received: "
            f"ema_overwrite_frequency={optimizer.ema_overwrite_frequency}, "
            f"{count} replicas"
        )

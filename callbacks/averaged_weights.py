import contextlib


@contextlib.contextmanager
def averaged_weights(model):
    """The averages of the weights in place of them, if there are averages.

    Optimisers with `use_ema` hold averages of the weights that they move, one
    optimiser or one for each player of a game; `fit` leaves them in place
    when it ends. Inside of this context they are in place before. Weights of
    an optimiser without averages, or before its first step, stay.

    Args:
        model: a compiled `keras.Model`.

    Example:

    >>> import keras, numpy as np
    >>> model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    >>> model.compile(keras.optimizers.SGD(1.0, use_ema=True), "mse")
    >>> _ = model.fit(np.ones((8, 1)), np.ones(8), batch_size=1, verbose=0)
    >>> bias = model.trainable_variables[1]
    >>> _ = bias.assign(5.0 + 0 * bias)
    >>> with averaged_weights(model):
    ...     print(float(bias.numpy()[0]) == 5.0)
    False
    >>> float(bias.numpy()[0])
    5.0
    """
    optimizers = getattr(model, "all_optimizers", [model.optimizer])
    pairs = [pair for one in optimizers for pair in _averages(one)]
    kept = [weight.numpy() for weight, _ in pairs]
    try:
        for weight, average in pairs:
            weight.assign(average)
        yield
    finally:
        for (weight, _), value in zip(pairs, kept, strict=True):
            weight.assign(value)


def _averages(optimizer):
    """Pairs of weight and average, of an optimiser that averages."""
    optimizer = getattr(optimizer, "inner_optimizer", optimizer)
    if not getattr(optimizer, "use_ema", False) or not optimizer.built:
        return []
    if not int(optimizer.iterations.numpy()):  # they are 0 before a step
        return []
    return zip(
        optimizer._trainable_variables,
        optimizer._model_variables_moving_average,
        strict=True,
    )

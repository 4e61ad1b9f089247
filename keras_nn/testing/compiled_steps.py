"""The steps of a model as a TPU takes them: static shapes, compiled whole."""

import keras


def check_compiled_steps(model, batch):
    """Asserts that XLA compiles each step of `model` for a fixed shape.

    Then no shape in it depends on values and nothing in it runs on the host,
    which is what `TPUStrategy` needs. A test step is the first half of a train
    step, and compiles where that does.

    Args:
        model: a compiled, built `keras_nn.training.Model`.
        batch: tuple `(x,)`, `(x, y)` or `(x, y, sample_weight)` of arrays.

    Raises:
        AssertionError: names the step, with what XLA says.
    """
    import tensorflow as tf

    from keras_nn.training import scoped_step

    for optimizer in model.all_optimizers:
        if not optimizer.built:
            optimizer.build(model.trainable_variables)
    steps = {
        "train_step": lambda data: scoped_step.train(
            model, model.train_step, data
        ),
        "predict_step": model.predict_step,
    }
    data = keras.tree.map_structure(tf.constant, batch)
    for name, step in steps.items():
        compiled = tf.function(step, jit_compile=True, autograph=False)
        try:
            compiled(data)
        except (tf.errors.OpError, NotImplementedError, ValueError) as error:
            raise AssertionError(
                f"XLA cannot compile the {name} of {type(model).__name__}, "
                f"so no TPU can run it. Received: {error}"
            ) from error

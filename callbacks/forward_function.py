"""What a model says of arrays, and whether it would say it again."""

import keras
import numpy as np
import tensorflow as tf


def forward_function(model):
    """A function from a batch to the model's outputs, traced once.

    Args:
        model: `keras.Model`, which computes in inference mode.

    Returns:
        A callable from a structure of arrays to one of float32 arrays.
    """

    def forward(batch):
        outputs = model(batch, training=False)
        return keras.tree.map_structure(
            lambda t: tf.cast(t, tf.float32), outputs
        )

    if not getattr(model, "run_eagerly", False):
        forward = tf.function(forward, autograph=False)
    return lambda batch: keras.tree.map_structure(
        lambda t: t.numpy(),
        forward(keras.tree.map_structure(tf.convert_to_tensor, batch)),
    )


def model_state(model):
    """A few numbers that change when the model's weights do."""
    weights = model.trainable_variables or model.weights
    ends = [weights[0], weights[-1]] if weights else []
    optimizer = getattr(model, "optimizer", None)
    steps = 0 if optimizer is None else int(optimizer.iterations.numpy())
    return np.concatenate(
        [[steps], *(np.ravel(w.numpy()).astype("float32") for w in ends)]
    )

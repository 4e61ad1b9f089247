import keras
import tensorflow as tf


def input_gradients(function, inputs):
    """What a score of each example is sensitive to.

    The gradient can be differentiated again: penalties on it train networks.

    Args:
        function: callable from a tensor `(batch, ...)` to scores `(batch,)`
            or `(batch, 1)`, or to features `(batch, ...)`, whose sum is then
            meant. The score of an example must depend on it alone.
        inputs: float tensor `(batch, ...)`.

    Returns:
        `(scores, gradients)`: what the function gives, and a float32 tensor
        of the shape of `inputs`.

    Example:

    >>> _, gradients = input_gradients(tf.square, tf.constant([[1.0, -3.0]]))
    >>> gradients.numpy().tolist()
    [[2.0, -6.0]]
    """
    inputs = keras.ops.convert_to_tensor(inputs)
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        scores = function(inputs)
        total = tf.reduce_sum(tf.cast(scores, "float32"))
    gradients = tape.gradient(total, inputs)
    return scores, tf.cast(gradients, "float32")

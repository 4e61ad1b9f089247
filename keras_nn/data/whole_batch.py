from keras_nn.data.ordered_batches import OrderedBatches


class WholeBatch(OrderedBatches):
    """Data whose every pass is one and the same batch: whole graphs.

    The tensors stay where they are: nothing is copied from pass to pass, and
    `fit` looks for what is wrong with them once, before training.

    Args:
        whole: `(x,)`, `(x, y)` or `(x, y, sample_weight)`, nests of arrays.
        num_batches: int. How many times a pass holds it: more steps an epoch,
            whose beginning and end cost as much as a small step. Defaults
            to 1.

    Example:

    >>> import numpy as np
    >>> data = WholeBatch((np.ones((1, 3)), np.zeros((1,))))
    >>> [tuple(x.shape) for x, y in data.at(epoch=5)]
    [(1, 3)]
    """

    num_batches = 1

    def __init__(self, whole, num_batches=1):
        self.whole = whole
        self.num_batches = num_batches

    def batches_from(self, start):
        import tensorflow as tf

        tensors = tf.nest.map_structure(tf.convert_to_tensor, self.whole)
        numbers = start.flat_map(
            lambda epoch, batch: tf.data.Dataset.range(batch, self.num_batches)
        )
        return numbers.map(lambda number: tensors)

    def dataset(self):
        import tensorflow as tf

        # Without a position to ask for, which costs more than a small step.
        whole = tf.data.Dataset.from_tensors(self.whole)
        return (
            whole if self.num_batches == 1 else whole.repeat(self.num_batches)
        )

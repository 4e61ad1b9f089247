import keras
from keras import ops

from keras_nn.training import replicas


@keras.saving.register_keras_serializable(package="keras_nn")
class PictureHistory(keras.layers.Layer):
    """Shows a discriminator older pictures among those just drawn.

    Until `capacity` pictures are held, what comes is kept and handed on. Then
    each of a batch is handed on with probability 1/2, else an older one is
    handed on in its place, and it is kept in place of that one; the places of
    a batch differ. What is held are weights: a saved model and a checkpoint
    have it, and all replicas hold the same.

    Args:
        shape: tuple `(height, width, channels)`.
        capacity: int. 0 hands on everything. Defaults to 50.
        **kwargs: `name`.

    Call arguments:
        inputs: float32 pictures `(batch, height, width, channels)`.
        training: bool. Without it everything is handed on, nothing kept.

    Returns:
        Pictures of the same shape, without a gradient.

    Raises:
        ValueError: If the capacity is negative, or a size unknown.

    Example:

    >>> history = PictureHistory((1, 1, 1), capacity=2)
    >>> _ = history(ops.ones((3, 1, 1, 1)), training=True)
    >>> int(history.count), history.pictures.numpy().ravel().tolist()
    (2, [1.0, 1.0])

    Reference:
        [Shrivastava et al., 2017](https://arxiv.org/abs/1612.07828),
        section 2.3; [Zhu et al., 2017](https://arxiv.org/abs/1703.10593),
        section 4
    """

    def __init__(self, shape, capacity=50, **kwargs):
        super().__init__(**{"dtype": "float32", **kwargs})
        if capacity < 0 or (capacity and None in tuple(shape)):
            raise ValueError(
                "`capacity` must not be negative, and 0 for pictures of an "
                f"unknown size. Received: {capacity=}, {shape=}"
            )
        self.shape = tuple(shape)
        self.capacity = capacity
        self.seed_generator = keras.random.SeedGenerator()
        if capacity:
            # Replicas compute the same.
            same = {"trainable": False, "aggregation": "only_first_replica"}
            for name, size, initializer, dtype in (
                ("pictures", (capacity, *self.shape), "zeros", "float32"),
                ("count", (), "zeros", "int32"),
            ):
                weight = self.add_weight(
                    size, initializer, dtype, name=name, **same
                )
                setattr(self, name, weight)
        self.built = True

    def call(self, inputs, training=None):
        if not training or not self.capacity:
            return ops.stop_gradient(inputs)
        whole, first = replicas.gathered(inputs)
        # All replicas draw the same, and hand on what is theirs.
        handed = self._exchanged(whole)
        return handed[first : first + ops.shape(inputs)[0]]

    def _exchanged(self, fresh):
        held, count = ops.convert_to_tensor(self.pictures), self.count.value
        size, index = ops.shape(fresh)[0], ops.arange(ops.shape(fresh)[0])
        order = keras.random.uniform((self.capacity,), seed=self.seed_generator)
        coin = keras.random.uniform((size,), seed=self.seed_generator)
        places = ops.take(ops.argsort(order), index % self.capacity)
        full = count >= self.capacity
        swaps = ops.logical_and(
            full, ops.logical_and(coin < 0.5, index < self.capacity)
        )
        places = ops.where(full, ops.cast(places, "int32"), count + index)
        keeps = ops.where(full, swaps, places < self.capacity)
        places = ops.minimum(places, self.capacity - 1)
        handed = ops.where(_wide(swaps), ops.take(held, places, axis=0), fresh)
        # (capacity, batch): which picture of the batch a place receives
        takes = ops.logical_and(
            ops.arange(self.capacity)[:, None] == places[None, :], keeps[None]
        )
        source = ops.argmax(ops.cast(takes, "int32"), axis=1)
        self.pictures.assign(
            ops.where(
                _wide(ops.any(takes, axis=1)),
                ops.take(fresh, source, axis=0),
                held,
            )
        )
        self.count.assign(ops.minimum(count + size, self.capacity))
        return handed

    def compute_output_shape(self, input_shape):
        return tuple(input_shape)

    def get_config(self):
        return {
            **super().get_config(),
            "shape": self.shape,
            "capacity": self.capacity,
        }


def _wide(flags):
    return flags[:, None, None, None]

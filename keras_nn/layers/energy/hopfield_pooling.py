import keras
from keras import ops

from keras_nn.layers.energy.trained_hopfield import TrainedHopfield


@keras.saving.register_keras_serializable(package="keras_nn")
class HopfieldPooling(TrainedHopfield):
    """Pools patterns by learnt questions: a set to a few vectors.

    `Hopfield` with trained states: each of `quantity` states looks for what
    it is about among the patterns. Multiple-instance learning with one of
    them is attention pooling.

    Args:
        quantity: int. Number of trained states. Defaults to 1.
        hidden_size: int or None. As in `Hopfield`; likewise the others.
        output_size: int or None.
        num_heads: int.
        beta: float or None.
        update_steps_max: int.
        update_steps_eps: float.
        normalize: bool.
        dropout: float.
        **kwargs: `name`, `dtype`, `trainable`.

    Call arguments:
        inputs: float tensor `(batch, time, units)`, the stored patterns.
        mask: bool tensor `(batch, time)` or None.

    Returns:
        A float tensor `(batch, quantity * output_size)`.

    Raises:
        ValueError: If `quantity` is not positive.

    Example:

    >>> tuple(HopfieldPooling(quantity=2)(ops.ones((3, 5, 4))).shape)
    (3, 8)

    Reference:
        [Ramsauer et al., 2021](https://arxiv.org/abs/2008.02217), section 3
    """

    def build(self, input_shape):
        shape = (self.quantity, input_shape[-1])
        self.states = self.add_weight(
            name="states", shape=shape, initializer="random_normal"
        )
        self.hopfield.build([tuple(input_shape), (None, *shape)])

    def call(self, inputs, mask=None, training=None):
        batch = ops.shape(inputs)[0]
        states = ops.broadcast_to(self.states, (batch, *self.states.shape))
        pooled = self.hopfield(
            [inputs, states], mask=[mask, None], training=training
        )
        return ops.reshape(pooled, (batch, self.quantity * pooled.shape[-1]))

    def compute_mask(self, inputs, mask=None):
        return None

    def compute_output_shape(self, input_shape):
        units = self.output_size or input_shape[-1]
        return input_shape[0], self.quantity * units

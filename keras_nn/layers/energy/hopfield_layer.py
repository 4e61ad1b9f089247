import keras
from keras import ops

from keras_nn.layers.energy.trained_hopfield import TrainedHopfield


@keras.saving.register_keras_serializable(package="keras_nn")
class HopfieldLayer(TrainedHopfield):
    """Looks inputs up in a table of patterns that it learns.

    `Hopfield` with trained stored patterns and what each of them says: like a
    dense layer whose units are prototypes.

    Args:
        quantity: int. Number of trained patterns. Defaults to 1.
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
        inputs: float tensor `(batch, time, units)`, the states.

    Returns:
        A float tensor `(batch, time, output_size)`.

    Raises:
        ValueError: If `quantity` is not positive.

    Example:

    >>> tuple(HopfieldLayer(quantity=9)(ops.ones((3, 5, 4))).shape)
    (3, 5, 4)

    Reference:
        [Ramsauer et al., 2021](https://arxiv.org/abs/2008.02217), section 3
    """

    def build(self, input_shape):
        shape = (self.quantity, input_shape[-1])
        for name in ("stored", "projections"):
            weight = self.add_weight(
                name=name, shape=shape, initializer="random_normal"
            )
            setattr(self, name, weight)
        known = (None, *shape)
        self.hopfield.build([known, tuple(input_shape), known])

    def call(self, inputs, mask=None, training=None):
        shape = (ops.shape(inputs)[0], *self.stored.shape)
        stored = ops.broadcast_to(self.stored, shape)
        projections = ops.broadcast_to(self.projections, shape)
        return self.hopfield(
            [stored, inputs, projections],
            mask=[None, None, None],
            training=training,
        )

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.output_size or input_shape[-1])

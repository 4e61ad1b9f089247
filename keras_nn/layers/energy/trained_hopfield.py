import keras

from keras_nn.layers.energy.hopfield import Hopfield


class TrainedHopfield(keras.layers.Layer):
    """A `Hopfield` layer, one side of which is trained. Abstract.

    A subclass makes its `quantity` trained patterns, and builds and calls
    `self.hopfield`.

    Args:
        quantity: int. Number of trained patterns. Defaults to 1.
        hidden_size, output_size, num_heads, beta, update_steps_max,
            update_steps_eps, normalize, dropout: as of `Hopfield`.

    Raises:
        ValueError: if `quantity` is not positive.
    """

    def __init__(
        self,
        quantity=1,
        hidden_size=None,
        output_size=None,
        num_heads=1,
        beta=None,
        update_steps_max=0,
        update_steps_eps=1e-4,
        normalize=True,
        dropout=0.0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if quantity < 1:
            raise ValueError(
                f"`quantity` must be positive. Received: {quantity=}"
            )
        self.quantity = quantity
        self.hidden_size = hidden_size
        self.output_size = output_size
        self.num_heads = num_heads
        self.beta = beta
        self.update_steps_max = update_steps_max
        self.update_steps_eps = update_steps_eps
        self.normalize = normalize
        self.dropout = dropout
        self.hopfield = Hopfield(
            hidden_size,
            output_size,
            num_heads,
            beta,
            update_steps_max,
            update_steps_eps,
            normalize,
            dropout,
            dtype=self.dtype_policy,
            name="hopfield",
        )
        self.supports_masking = True

    def get_config(self):
        return {
            **super().get_config(),
            "quantity": self.quantity,
            "hidden_size": self.hidden_size,
            "output_size": self.output_size,
            "num_heads": self.num_heads,
            "beta": self.beta,
            "update_steps_max": self.update_steps_max,
            "update_steps_eps": self.update_steps_eps,
            "normalize": self.normalize,
            "dropout": self.dropout,
        }

import keras
from keras import ops


class RecurrentCell(keras.layers.Layer):
    """What the cells of recurrent networks share. Abstract.

    A subclass makes its weights in `build` with `add`, and computes one step
    in `call(inputs, states, training)`. A gated one also has
    `gated_step(inputs, states)`, one step without zoneout: a dict of the name
    of each gate to a tensor `(batch, units)`, and the list of states behind it.

    Args:
        units: int. Features of the state.
        activation: str or callable. Of the candidate state.
        recurrent_activation: str or callable. Of the gates.
        use_bias: bool.
        kernel_initializer: of what reads the inputs.
        recurrent_initializer: of what reads the state.
        bias_initializer: of the biases.
        zoneout: float. Share of the state that stays as it was, drawn at each
            step in training, mixed in otherwise.
        seed: int or None. Of the draws.
    """

    def __init__(
        self,
        units,
        activation="tanh",
        recurrent_activation="sigmoid",
        use_bias=True,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
        zoneout=0.0,
        seed=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        if units < 1:
            raise ValueError(f"`units` must be positive. Received: {units=}")
        if not 0 <= zoneout < 1:
            raise ValueError(
                f"`zoneout` must lie in [0, 1). Received: {zoneout=}"
            )
        self.units = units
        self.activation = keras.activations.get(activation)
        self.recurrent_activation = keras.activations.get(recurrent_activation)
        self.use_bias = use_bias
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.recurrent_initializer = keras.initializers.get(
            recurrent_initializer
        )
        self.bias_initializer = keras.initializers.get(bias_initializer)
        self.zoneout = zoneout
        self.seed = seed
        self.state_size = units
        self.output_size = units
        if zoneout:
            self.seed_generator = keras.random.SeedGenerator(seed)

    def get_initial_state(self, batch_size=None):
        """A state of zeros for each size in `state_size`: a list."""
        return [
            ops.zeros((batch_size, size), dtype=self.compute_dtype)
            for size in keras.tree.flatten(self.state_size)
        ]

    def get_config(self):
        serialize = keras.initializers.serialize
        return {
            **super().get_config(),
            "units": self.units,
            "activation": keras.activations.serialize(self.activation),
            "recurrent_activation": keras.activations.serialize(
                self.recurrent_activation
            ),
            "use_bias": self.use_bias,
            "kernel_initializer": serialize(self.kernel_initializer),
            "recurrent_initializer": serialize(self.recurrent_initializer),
            "bias_initializer": serialize(self.bias_initializer),
            "zoneout": self.zoneout,
            "seed": self.seed,
        }

    def add(self, name, shape):
        """A weight; what its name says decides how it starts."""
        initializer = self.kernel_initializer
        if "recurrent" in name:
            initializer = self.recurrent_initializer
        if "bias" in name:
            initializer = self.bias_initializer
        # One unseeded instance would start all of them alike.
        return self.add_weight(
            name=name, shape=shape, initializer=initializer.clone()
        )

    def keep(self, before, after, training):
        """The state after a step, of which `zoneout` keeps a share."""
        if not self.zoneout:
            return after
        stays = self.zoneout
        if training:
            draw = keras.random.uniform(
                ops.shape(after), seed=self.seed_generator
            )
            stays = ops.cast(draw < self.zoneout, after.dtype)
        return stays * before + (1 - stays) * after

    def norm(self, name, features):
        """A layer normalisation, built for so many features."""
        layer = keras.layers.LayerNormalization(
            epsilon=1e-5, dtype=self.dtype_policy, name=name
        )
        layer.build((None, features))
        return layer

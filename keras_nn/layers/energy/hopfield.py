import keras
from keras import ops

from keras_nn.ops import hopfield_retrieval


@keras.saving.register_keras_serializable(package="keras_nn")
class Hopfield(keras.layers.Layer):
    """Associates states with stored patterns: a modern Hopfield network.

    In each head, with states `R`, stored patterns `Y` and projections `P`,

    `Z = softmax(beta * xi(R W_q) (Y W_k)') P W_v`

    where `xi` is the state after `update_steps_max` updates `xi <-
    softmax(beta * xi K') K`. Without any it is the attention of Transformers.

    Args:
        hidden_size: int or None. Units of the associative space of a head.
            Defaults to the units of the states.
        output_size: int or None. Defaults to the units of the states.
        num_heads: int. Defaults to 1.
        beta: float or None. Inverse temperature: low, states meet in the mean
            of many patterns; high, each finds one. Defaults to
            `1 / sqrt(hidden_size)`.
        update_steps_max: int. Updates of the states, at most. Defaults to 0.
        update_steps_eps: float. A state that moves less stays where it is.
            Defaults to 1e-4.
        normalize: bool. Whether states, patterns and projections are
            layer-normalised first. Defaults to True.
        dropout: float. Share of associations dropped in training. Defaults
            to 0.
        **kwargs: `name`, `dtype`, `trainable`.

    Call arguments:
        inputs: float tensor `(batch, time, units)`, which is associated with
            itself; or a list of `stored` and `states`, or of `stored`,
            `states` and `projections` (which default to `stored`).
        mask: bool tensor `(batch, time)` of the stored patterns, or a list
            that begins with it.

    Returns:
        A float tensor `(batch, states, output_size)`.

    Raises:
        ValueError: If a size is not positive.

    Example:

    >>> layer = Hopfield(hidden_size=8, num_heads=2, update_steps_max=3)
    >>> tuple(layer(ops.ones((2, 5, 4))).shape)
    (2, 5, 4)

    Reference:
        [Ramsauer et al., 2021](https://arxiv.org/abs/2008.02217), section 3
    """

    def __init__(
        self,
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
        for name, value in (
            ("hidden_size", hidden_size),
            ("output_size", output_size),
            ("num_heads", num_heads),
        ):
            if value is not None and value < 1:
                raise ValueError(
                    f"`{name}` must be positive. Received: {name}={value}"
                )
        if update_steps_max < 0 or (beta is not None and not beta > 0):
            raise ValueError(
                "`update_steps_max` must not be negative and `beta` be "
                f"positive. Received: {update_steps_max=}, {beta=}"
            )
        self.hidden_size = hidden_size
        self.output_size = output_size
        self.num_heads = num_heads
        self.beta = beta
        self.update_steps_max = update_steps_max
        self.update_steps_eps = update_steps_eps
        self.normalize = normalize
        self.dropout = dropout
        self.dropped = keras.layers.Dropout(
            dropout, dtype=self.dtype_policy, name="dropped"
        )
        self.supports_masking = True

    def build(self, input_shape):
        stored, states, projections = _three(input_shape, _is_shape)
        hidden = self.hidden_size or states[-1]
        self.norms, self.maps = {}, {}
        for name, shape in (
            ("states", states),
            ("stored", stored),
            ("projections", projections),
        ):
            if self.normalize:
                self.norms[name] = keras.layers.LayerNormalization(
                    dtype=self.dtype_policy, name=f"norm_{name}"
                )
                self.norms[name].build(shape)
            self.maps[name] = keras.layers.EinsumDense(
                "btu,uhd->bhtd",
                (self.num_heads, None, hidden),
                bias_axes="hd",
                dtype=self.dtype_policy,
                name=f"map_{name}",
            )
            self.maps[name].build(shape)
        self.combined = keras.layers.EinsumDense(
            "bhtd,hdu->btu",
            (None, self.output_size or states[-1]),
            bias_axes="u",
            dtype=self.dtype_policy,
            name="combined",
        )
        self.combined.build((states[0], self.num_heads, None, hidden))
        self.scale = self.beta or hidden**-0.5

    def call(self, inputs, mask=None, training=None):
        given = dict(
            zip(
                ("stored", "states", "projections"),
                _three(inputs, lambda x: not isinstance(x, list | tuple)),
                strict=True,
            )
        )
        if isinstance(mask, list | tuple):
            mask = mask[0]
        if mask is not None:
            mask = mask[:, None, None]  # (batch, heads, states, patterns)
        heads = {}
        for name, values in given.items():
            if self.normalize:
                values = self.norms[name](values)
            heads[name] = self.maps[name](values)
        _, weights = hopfield_retrieval(
            heads["states"],
            heads["stored"],
            self.scale,
            self.update_steps_max,
            self.update_steps_eps,
            mask,
        )
        weights = self.dropped(weights, training=training)
        return self.combined(ops.matmul(weights, heads["projections"]))

    def compute_mask(self, inputs, mask=None):
        if isinstance(inputs, list | tuple):
            known = isinstance(mask, list | tuple) and len(mask) > 1
            return mask[1] if known else None
        return mask

    def compute_output_shape(self, input_shape):
        _, states, _ = _three(input_shape, _is_shape)
        return (*states[:-1], self.output_size or states[-1])

    def get_config(self):
        return {
            **super().get_config(),
            "hidden_size": self.hidden_size,
            "output_size": self.output_size,
            "num_heads": self.num_heads,
            "beta": self.beta,
            "update_steps_max": self.update_steps_max,
            "update_steps_eps": self.update_steps_eps,
            "normalize": self.normalize,
            "dropout": self.dropout,
        }


def _three(inputs, is_one):
    """Stored patterns, states and projections of what a layer was given."""
    if is_one(inputs):
        return inputs, inputs, inputs
    if len(inputs) not in (2, 3):
        raise ValueError(
            "Hopfield takes a tensor, or a list of `stored`, `states` and "
            f"maybe `projections`. Received: a list of {len(inputs)}"
        )
    return (*inputs, inputs[0])[:3]


def _is_shape(value):
    return all(side is None or isinstance(side, int) for side in value)

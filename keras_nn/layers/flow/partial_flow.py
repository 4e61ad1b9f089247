import keras
from keras import ops

from keras_nn.layers.flow.flow_chain import FlowChain
from keras_nn.layers.flow.flow_chain import deserialized
from keras_nn.layers.flow.flow_chain import serialized
from keras_nn.layers.flow.flow_layer import FlowLayer
from keras_nn.layers.flow.flow_layer import adapt


@keras.saving.register_keras_serializable(package="keras_nn")
class PartialFlow(FlowLayer):
    """Half of the channels goes on through further layers, half is done.

    The multi-scale architecture: what is done early costs no more time, and
    the rest is seen at a coarser scale. The codes keep their places, so the
    layers must give back the shape that they get: begin them with `Squeeze()`
    and end them with `Inverted(Squeeze())`.

    Args:
        layers: list of `FlowLayer`s, for the second half of the channels.
        **kwargs: `name`, `dtype`, `trainable`.

    Call arguments:
        inputs: float tensor `(batch, ..., channels)`.
        condition: float tensor `(batch, units)` or None.
        inverse: bool. Defaults to False.

    Returns:
        `(outputs, log_det)`, see `FlowLayer`.

    Raises:
        ValueError: If there are fewer than two channels, or the layers change
            the shape.

    Example:

    >>> from keras_nn.layers import ActNorm
    >>> z, _ = PartialFlow([ActNorm()])(ops.ones((1, 2, 2, 4)))
    >>> tuple(z.shape)
    (1, 2, 2, 4)

    Reference:
        [Dinh et al., 2017](https://arxiv.org/abs/1605.08803), section 3.6
    """

    def __init__(self, layers, **kwargs):
        super().__init__(**kwargs)
        self.chain = FlowChain(layers, dtype=self.dtype_policy, name="chain")
        self.layers = self.chain.layers

    def build(self, inputs_shape, condition_shape=None):
        self.done = inputs_shape[-1] // 2
        inner = (*inputs_shape[:-1], inputs_shape[-1] - self.done)
        if not self.done:
            raise ValueError(
                "PartialFlow needs two channels at least. "
                f"Received: shape {tuple(inputs_shape)}"
            )
        if not self.chain.built:
            self.chain.build(inner, condition_shape)
            self.chain.built = True
        given = self.chain.compute_output_shape(inner)[0]
        if tuple(given) != tuple(inner):
            raise ValueError(
                "The layers of a PartialFlow must give the shape that they "
                f"get, {inner}. Received: {given}"
            )

    def adapt(self, x, condition=None):
        """Lets each layer learn the statistics of what it gets.

        Args:
            x: float array `(n, ..., channels)`.
            condition: float array `(n, units)` or None.
        """
        adapt(self.chain, x[..., self.done :], condition)

    def forward(self, inputs, condition=None, training=None):
        return self._run(inputs, condition, False, training)

    def backward(self, inputs, condition=None, training=None):
        return self._run(inputs, condition, True, training)

    def _run(self, inputs, condition, inverse, training):
        outputs, log_det = self.chain(
            inputs[..., self.done :],
            condition,
            inverse=inverse,
            training=training,
        )
        done = inputs[..., : self.done]
        return ops.concatenate([done, outputs], axis=-1), log_det

    def get_config(self):
        return {**super().get_config(), "layers": serialized(self.layers)}

    @classmethod
    def from_config(cls, config):
        return cls(**{**config, "layers": deserialized(config["layers"])})

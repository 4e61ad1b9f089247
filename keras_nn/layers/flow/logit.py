import keras
from keras import ops

from keras_nn.layers.flow.flow_layer import FlowLayer
from keras_nn.layers.flow.flow_layer import sum_of_each


@keras.saving.register_keras_serializable(package="keras_nn")
class Logit(FlowLayer):
    """From values of 0 to 1 to all numbers, for pictures.

    `z = log(p / (1 - p))`, `p = alpha + (1 - 2 * alpha) * x`

    Backwards, codes beyond those of 0 and 1 lead a little outside, by `alpha`
    at most.

    Args:
        alpha: float in (0, 0.5). What keeps 0 and 1 from infinity. Defaults
            to 0.05.
        **kwargs: `name`, `dtype`, `trainable`.

    Call arguments:
        inputs: float tensor `(batch, ...)` of 0 to 1.
        condition: not used.
        inverse: bool. Defaults to False.

    Returns:
        `(outputs, log_det)`, see `FlowLayer`.

    Raises:
        ValueError: If `alpha` is not between 0 and 0.5.

    Example:

    >>> z, _ = Logit()(0.5 * ops.ones((1, 2)))
    >>> z.numpy().tolist()
    [[0.0, 0.0]]

    Reference:
        [Dinh et al., 2017](https://arxiv.org/abs/1605.08803), section 4.1
    """

    def __init__(self, alpha=0.05, **kwargs):
        super().__init__(**kwargs)
        if not 0 < alpha < 0.5:
            raise ValueError(
                f"`alpha` must be between 0 and 0.5. Received: {alpha=}"
            )
        self.alpha = alpha

    def build(self, inputs_shape, condition_shape=None):
        pass

    def forward(self, inputs, condition=None, training=None):
        share = self.alpha + (1 - 2 * self.alpha) * inputs
        outputs = ops.log(share) - ops.log1p(-share)
        return outputs, -self._log_slopes(outputs)

    def backward(self, inputs, condition=None, training=None):
        share = ops.sigmoid(inputs)
        outputs = (share - self.alpha) / (1 - 2 * self.alpha)
        return outputs, self._log_slopes(inputs)

    def _log_slopes(self, codes):
        # of the way back: sigmoid(z) * sigmoid(-z) / (1 - 2 alpha)
        slopes = ops.log_sigmoid(codes) + ops.log_sigmoid(-codes)
        return sum_of_each(slopes - ops.log(1.0 - 2 * self.alpha))

    def get_config(self):
        return {**super().get_config(), "alpha": self.alpha}

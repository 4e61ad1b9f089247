import keras

from keras_nn.models.backbone import Backbone


class PictureNetwork(Backbone):
    """A network from pictures to pictures of the same channels. Abstract.

    Args:
        pictures: Keras tensor. Where the graph starts.
        outputs: Keras tensor. Where it ends.
        **kwargs: `dtype`, `name` and `trainable`.
    """

    @staticmethod
    def pictures(input_shape):
        """Where the graph starts, for `input_shape` checked.

        Args:
            input_shape: tuple `(height, width, channels)`; height and width
                may be None.
        """
        if len(input_shape) != 3 or input_shape[-1] is None:
            raise ValueError(
                "`input_shape` must be (height, width, channels) with a known "
                f"number of channels. Received: {input_shape=}"
            )
        return keras.Input(tuple(input_shape), name="pictures")

    def get_config(self):
        return {
            **super().get_config(),
            "input_shape": self.input_shape[1:],
        }


def require_positive(**named):
    """Refuses a number that must be at least 1."""
    for name, value in named.items():
        if value < 1:
            raise ValueError(
                f"`{name}` must be positive. Received: {name}={value}"
            )

import keras
from keras import layers

from keras_nn.layers import MinibatchDeviation
from keras_nn.models.backbone import Backbone
from keras_nn.models.gan.discriminator_head import check_condition
from keras_nn.models.gan.discriminator_head import normalized
from keras_nn.models.gan.discriminator_head import scored


@keras.saving.register_keras_serializable(package="keras_nn")
class ResNetDiscriminator(Backbone):
    """Pictures through residual blocks to a score, spectrally normalised.

    `x <- pool(shortcut(x)) + pool(conv(relu(conv(relu(x)))))`, without the
    first ReLU in the first block; features are summed over places.

    Args:
        input_shape: tuple `(height, width, channels)`.
        filters: list of ints. Channels of each block. Defaults to
            `(128, 128, 128, 128)`.
        halvings: int. How many blocks, from the first, halve the picture.
            Defaults to 2.
        spectral: bool. Whether kernels are spectrally normalised. Defaults to
            True.
        minibatch_deviation: bool. Whether to end in `MinibatchDeviation`.
            Defaults to False.
        num_classes: int or None. Number of classes.
        condition: str. `"projection"` or `"auxiliary"`, as in
            `DCGANDiscriminator`. Defaults to `"projection"`.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Call arguments:
        inputs: as in `DCGANDiscriminator`.

    Returns:
        As `DCGANDiscriminator`.

    Raises:
        ValueError: On an unknown condition, or more halvings than blocks or
            than the picture allows.

    Example:

    >>> import numpy as np
    >>> model = ResNetDiscriminator((8, 8, 1), filters=[4, 8], halvings=1)
    >>> model(np.zeros((2, 8, 8, 1))).shape
    TensorShape([2, 1])

    Reference:
        [Miyato et al., 2018](https://arxiv.org/abs/1802.05957), table 4
    """

    def __init__(
        self,
        input_shape,
        filters=(128, 128, 128, 128),
        halvings=2,
        spectral=True,
        minibatch_deviation=False,
        num_classes=None,
        condition="projection",
        dtype=None,
        **kwargs,
    ):
        check_condition(condition)
        side = min(input_shape[:2])
        if not 0 <= halvings <= len(filters) or side < 2**halvings:
            raise ValueError(
                "`halvings` must not be more than the blocks, nor than the "
                f"picture allows. Received: {halvings=}, {filters=}, "
                f"{input_shape=}"
            )
        pictures = keras.Input(input_shape, name="pictures")
        inputs, labels = pictures, None
        if num_classes is not None and condition == "projection":
            labels = keras.Input((), dtype="int32", name="labels")
            inputs = {"pictures": pictures, "labels": labels}

        def conv(x, wide, size, name):
            layer = layers.Conv2D(
                wide, size, padding="same", dtype=dtype, name=f"{name}_conv"
            )
            return normalized(layer, spectral)(x)

        def relu(x, name):
            return layers.ReLU(dtype=dtype, name=f"{name}_act")(x)

        x = pictures
        for index, wide in enumerate(filters):
            name, shortcut = f"block_{index}", x
            if index < halvings or x.shape[-1] != wide:
                shortcut = conv(x, wide, 1, f"{name}_shortcut")
            x = relu(x, f"{name}_0") if index else x
            x = relu(conv(x, wide, 3, f"{name}_0"), f"{name}_1")
            x = conv(x, wide, 3, f"{name}_1")
            x = layers.Add(dtype=dtype, name=name)([x, shortcut])
            if index < halvings:  # the mean of a sum is the sum of the means
                x = layers.AveragePooling2D(
                    2, dtype=dtype, name=f"{name}_pool"
                )(x)
        x = relu(x, "head")
        if minibatch_deviation:
            x = MinibatchDeviation(dtype=dtype, name="deviation")(x)
        places = x.shape[1] * x.shape[2]
        x = layers.GlobalAveragePooling2D(dtype=dtype, name="mean")(x)
        x = layers.Rescaling(places, dtype=dtype, name="features")(x)
        x = scored(x, labels, num_classes, condition, spectral, dtype)
        super().__init__(inputs, x, dtype=dtype, **kwargs)

        self.picture_shape = tuple(input_shape)
        self.filters = list(filters)
        self.halvings = halvings
        self.spectral = spectral
        self.minibatch_deviation = minibatch_deviation
        self.num_classes = num_classes
        self.condition = condition

    def get_config(self):
        return {
            **super().get_config(),
            "input_shape": self.picture_shape,
            "filters": self.filters,
            "halvings": self.halvings,
            "spectral": self.spectral,
            "minibatch_deviation": self.minibatch_deviation,
            "num_classes": self.num_classes,
            "condition": self.condition,
        }

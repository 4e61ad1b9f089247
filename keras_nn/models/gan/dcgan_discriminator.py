import keras
from keras import layers

from keras_nn.layers import MinibatchDeviation
from keras_nn.models.backbone import Backbone
from keras_nn.models.gan.discriminator_head import check_condition
from keras_nn.models.gan.discriminator_head import normalized
from keras_nn.models.gan.discriminator_head import scored

NORMALIZATIONS = ("batch", "spectral", None)


@keras.saving.register_keras_serializable(package="keras_nn")
class DCGANDiscriminator(Backbone):
    """Pictures through 5x5 convolutions, each half as large, to a score.

    Leaky ReLUs of slope 0.2; a dense layer reads the last map.

    Args:
        input_shape: tuple `(height, width, channels)`.
        filters: list of ints. Channels of each convolution of stride 2.
            Defaults to `(64, 128)`.
        normalization: str or None. `"batch"`: every map but the first;
            `"spectral"`: every kernel. Defaults to `"batch"`.
        minibatch_deviation: bool. Whether to end in `MinibatchDeviation`.
            Defaults to False.
        dropout: float. Share of features dropped behind each convolution.
            Defaults to 0.
        num_classes: int or None. Number of classes.
        condition: str. How they are used: `"projection"`, the score depends
            on the class; `"auxiliary"`, the network names the class. Defaults
            to `"projection"`.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Call arguments:
        inputs: pictures `(batch, height, width, channels)`; for the
            projection a dict of `pictures` and `labels`, ints `(batch,)`.
            Label `num_classes` means "any".

    Returns:
        Scores `(batch, 1)`, or `(batch, 1 + num_classes)`, score and logits.

    Raises:
        ValueError: On an unknown normalisation or condition.

    Example:

    >>> import numpy as np
    >>> model = DCGANDiscriminator((8, 8, 1), filters=[4, 8])
    >>> model(np.zeros((2, 8, 8, 1))).shape
    TensorShape([2, 1])

    Reference:
        [Radford et al., 2016](https://arxiv.org/abs/1511.06434);
        [Miyato and Koyama, 2018](https://arxiv.org/abs/1802.05637)
        (projection)
    """

    def __init__(
        self,
        input_shape,
        filters=(64, 128),
        normalization="batch",
        minibatch_deviation=False,
        dropout=0.0,
        num_classes=None,
        condition="projection",
        dtype=None,
        **kwargs,
    ):
        if normalization not in NORMALIZATIONS:
            raise ValueError(
                f"`normalization` must be one of {NORMALIZATIONS}. "
                f"Received: {normalization=}"
            )
        check_condition(condition)
        pictures = keras.Input(input_shape, name="pictures")
        inputs, labels = pictures, None
        if num_classes is not None and condition == "projection":
            labels = keras.Input((), dtype="int32", name="labels")
            inputs = {"pictures": pictures, "labels": labels}
        x = pictures
        spectral = normalization == "spectral"
        for index, wide in enumerate(filters):
            normed = index > 0 and normalization == "batch"
            conv = layers.Conv2D(
                wide,
                5,
                strides=2,
                padding="same",
                use_bias=not normed,
                dtype=dtype,
                name=f"halve_{index}",
            )
            x = normalized(conv, spectral)(x)
            if normed:
                x = layers.BatchNormalization(
                    dtype=dtype, name=f"norm_{index}"
                )(x)
            x = layers.LeakyReLU(0.2, dtype=dtype, name=f"act_{index}")(x)
            if dropout:
                x = layers.Dropout(
                    dropout, dtype=dtype, name=f"dropout_{index}"
                )(x)
        if minibatch_deviation:
            x = MinibatchDeviation(dtype=dtype, name="deviation")(x)
        x = layers.Flatten(dtype=dtype, name="features")(x)
        x = scored(x, labels, num_classes, condition, spectral, dtype)
        super().__init__(inputs, x, dtype=dtype, **kwargs)

        self.picture_shape = tuple(input_shape)
        self.filters = list(filters)
        self.normalization = normalization
        self.minibatch_deviation = minibatch_deviation
        self.dropout = dropout
        self.num_classes = num_classes
        self.condition = condition

    def get_config(self):
        return {
            **super().get_config(),
            "input_shape": self.picture_shape,
            "filters": self.filters,
            "normalization": self.normalization,
            "minibatch_deviation": self.minibatch_deviation,
            "dropout": self.dropout,
            "num_classes": self.num_classes,
            "condition": self.condition,
        }

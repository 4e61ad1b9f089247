import keras

from keras_nn.layers.cnn.bilinear_upsampling2d import BilinearUpsampling2D
from keras_nn.models.activation_config import activation_config
from keras_nn.models.backbone import Backbone


class MapDecoder(Backbone):
    """A segmentation network: what a picture backbone sees, on a full map.

    Abstract. A subclass hands over `decode`, which makes one map of the
    pyramid; this class makes the pyramid, class scores and the full size.
    `output_stride` is how many pixels of the picture are one of the map.

    Args:
        backbone: `keras.Model` with `strides` and `features_only`, such as
            `ResNet`; its own top is not used.
        strides: list of ints, in pixels, ascending. The maps to decode.
        decode: callable from the list of maps to a map of the first stride.
        include_top: bool. Whether to end in class scores of the full size.
        weights: str. Path of a weights file to load, or None.
        classes: int. Number of classes.
        classifier_activation: str, callable or None.
        dropout: float. Share of the map's channels dropped in training.
        dtype: str or dtype policy of the layers.
        map_stride: int or None, in pixels, of what `decode` makes. Defaults
            to None: the first stride.
        pyramid: `keras.Model` or None. From pictures to what `decode` takes.
            Defaults to None: the backbone's maps of those strides.
        **kwargs: `name` and `trainable`.
    """

    def __init__(
        self,
        backbone,
        strides,
        decode,
        include_top,
        weights,
        classes,
        classifier_activation,
        dropout,
        dtype,
        map_stride=None,
        pyramid=None,
        **kwargs,
    ):
        map_stride = map_stride or strides[0]
        if include_top and classes < 1:
            raise ValueError(
                f"`classes` must be positive. Received: {classes=}"
            )
        pyramid = pyramid or backbone.features_only(strides)
        check_multiples(pyramid.input_shape[1:], strides[-1])
        images = keras.Input(pyramid.input_shape[1:], name="images")
        maps = pyramid(images)
        x = decode(maps if isinstance(maps, list) else [maps])
        if dropout:
            x = keras.layers.SpatialDropout2D(
                dropout,
                data_format="channels_last",
                dtype=dtype,
                name="dropout",
            )(x)
        if include_top:
            x = keras.layers.Conv2D(
                classes,
                1,
                data_format="channels_last",
                dtype=dtype,
                name="scores",
            )(x)
            x = enlarge(x, map_stride, dtype, "as_large")
            x = keras.layers.Activation(
                classifier_activation,
                dtype=dtype,
                name="predictions",
            )(x)
        super().__init__(images, x, dtype=dtype, **kwargs)

        self.backbone = backbone
        self.strides = list(strides)
        self.output_stride = 1 if include_top else map_stride
        self.include_top = include_top
        self.classes = classes
        self.classifier_activation = classifier_activation
        self.dropout = dropout
        if weights is not None:
            self.load_weights(weights)

    @property
    def stride(self):
        """int. What height and width of a picture must be a multiple of."""
        return self.strides[-1]

    def get_config(self):
        return {
            **super().get_config(),
            "backbone": keras.saving.serialize_keras_object(self.backbone),
            "strides": self.strides,
            "include_top": self.include_top,
            # A saved model carries its weights; the file may be gone.
            "weights": None,
            "classes": self.classes,
            "classifier_activation": activation_config(
                self.classifier_activation
            ),
            "dropout": self.dropout,
        }

    @classmethod
    def from_config(cls, config, custom_objects=None):
        backbone = keras.saving.deserialize_keras_object(
            config["backbone"], custom_objects=custom_objects
        )
        return cls(**{**config, "backbone": backbone})


def coarsest(backbone, count, strides=None):
    """The strides that are asked for, or the `count` largest of a backbone."""
    known = getattr(backbone, "strides", None)
    if known is None or not hasattr(backbone, "features_only"):
        raise ValueError(
            "`backbone` must be a picture model that knows its maps by stride, "
            f"such as keras_nn.models.ResNet. Received: {backbone!r}"
        )
    # All of them for a count of 0.
    return known[-count:] if strides is None else sorted(strides)


def enlarge(x, factor, dtype, name):
    """A map that is `factor` times as large, bilinearly."""
    if factor == 1:
        return x
    return BilinearUpsampling2D(factor, dtype=dtype, name=name)(x)


def check_doubling(strides):
    """Refuses maps that are not half as large as the ones before."""
    if any(b != 2 * a for a, b in zip(strides, strides[1:], strict=False)):
        raise ValueError(
            "Each of `strides` must be twice the one before. "
            f"Received: {strides=}"
        )


def check_single(strides):
    """Refuses anything but one map."""
    if len(strides) != 1:
        raise ValueError(f"`strides` must name one map. Received: {strides=}")


def check_multiples(input_shape, stride):
    """Refuses pictures whose maps would not fit one into another."""
    if any(side is not None and side % stride for side in input_shape[:2]):
        raise ValueError(
            f"Sides of the pictures must be multiples of {stride}, or None. "
            f"Received: a backbone for {tuple(input_shape)}"
        )

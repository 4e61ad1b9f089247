import keras

from keras_nn.layers.segmentation.simple_pyramid_level import SimplePyramidLevel
from keras_nn.models.backbone import Backbone


@keras.saving.register_keras_serializable(package="keras_nn")
class SimplePyramid(Backbone):
    """Maps of several strides from the one map of a plain backbone (ViTDet).

    `y_s = norm(conv3x3(norm(conv1x1(resize_{p / s}(x_p)))))`

    for a map `x_p` of stride `p`. With it a plain `VisionTransformer` stands
    where a pyramid is asked for: under `FPN`, `UPerNet`, `BackboneUNet`, or
    a detector.

    Args:
        backbone: `keras.Model` with `strides` and `features_only`, such as
            `VisionTransformer`; its coarsest map is taken.
        factors: list of floats. How many times as high and as wide as that
            map each of the new ones is. Defaults to `(4, 2, 1, 0.5)`: strides
            4, 8, 16 and 32 of patches of 16 pixels.
        filters: int. Channels of every map. Defaults to 256.
        dtype: str or dtype policy of the layers.
        **kwargs: `name`, `trainable`.

    Returns:
        A list of maps of shape `(batch, height / stride, width / stride,
        filters)`, the finest first.

    Raises:
        ValueError: if `backbone` has no maps, or a factor is no power of two
            or makes a stride of less than a pixel.

    Example:

    >>> from keras_nn.models import FPN
    >>> from keras_nn.models import VisionTransformer
    >>> vit = VisionTransformer(
    ...     input_shape=(32, 32, 3), patch_size=8, hidden_dim=16,
    ...     num_layers=2, num_heads=2, include_top=False,
    ... )
    >>> pyramid = SimplePyramid(vit, filters=8)
    >>> pyramid.strides
    [2, 4, 8, 16]
    >>> FPN(pyramid, filters=32, classes=3).output_shape
    (None, 32, 32, 3)

    Reference:
        [Li et al., 2022](https://arxiv.org/abs/2203.16527), section 3.
    """

    def __init__(
        self,
        backbone,
        factors=(4, 2, 1, 0.5),
        filters=256,
        dtype=None,
        **kwargs,
    ):
        known = getattr(backbone, "strides", None)
        if not known or not hasattr(backbone, "features_only"):
            raise ValueError(
                "`backbone` must be a picture model that knows its maps by "
                "stride, such as keras_nn.models.VisionTransformer. "
                f"Received: {backbone!r}"
            )
        stride = known[-1]
        if not factors or any(f <= 0 or stride % f for f in factors):
            raise ValueError(
                f"`factors` must divide the stride of the map, {stride}. "
                f"Received: {factors=}"
            )
        features = backbone.features_only([stride])
        images = keras.Input(features.input_shape[1:], name="images")
        x = features(images)
        x = x[0] if isinstance(x, list) else x
        maps = {}
        for factor in sorted(factors, reverse=True):
            level = int(stride / factor)
            maps[level] = SimplePyramidLevel(
                filters, factor, dtype=dtype, name=f"stride_{level}"
            )(x)
        super().__init__(images, list(maps.values()), dtype=dtype, **kwargs)

        self.backbone = backbone
        self.factors = list(factors)
        self.filters = filters
        self._maps = maps

    @property
    def strides(self):
        """list of ints. The strides that `features_only` knows, in pixels."""
        return sorted(self._maps)

    @property
    def preprocessing(self):
        """dict or None. What pictures must have gone through, if known."""
        return getattr(self.backbone, "preprocessing", None)

    def features_only(self, strides=None):
        """A model from pictures to maps, as `ImageBackbone.features_only`."""
        wanted = self.strides if strides is None else list(strides)
        if not wanted or not set(wanted) <= set(self._maps):
            raise ValueError(
                f"`strides` must be among {self.strides}. Received: {strides=}"
            )
        maps = [self._maps[stride] for stride in wanted]
        return keras.Model(self.input, maps, name=f"{self.name}_features")

    def get_config(self):
        return {
            **super().get_config(),
            "backbone": keras.saving.serialize_keras_object(self.backbone),
            "factors": self.factors,
            "filters": self.filters,
        }

    @classmethod
    def from_config(cls, config, custom_objects=None):
        backbone = keras.saving.deserialize_keras_object(
            config["backbone"], custom_objects=custom_objects
        )
        return cls(**{**config, "backbone": backbone})

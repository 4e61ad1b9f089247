import keras

from keras_nn.layers.detection.feature_pyramid import FeaturePyramid
from keras_nn.layers.detection.pyramid_tower import PyramidTower
from keras_nn.models.detection.detector import Detector


class DetectionNetwork(Detector):
    """A network that predicts boxes and classes at every place of a pyramid.

    Abstract. A subclass builds its graph with `DetectionParts`, keeps its
    arguments, and defines what a `Detector` defines.

    Args:
        images: Keras tensor. Where the graph starts.
        outputs: Keras tensor `(batch, places, leading + classes)`.
        parts: `DetectionParts` with the arguments that all of them take.
        **kwargs: `name` and `trainable`.
    """

    def __init__(self, images, outputs, parts, **kwargs):
        super().__init__(
            images,
            outputs,
            parts.backbone,
            parts.num_classes,
            parts.dtype,
            **kwargs,
        )
        self.strides = parts.given
        self.map_strides = parts.strides
        self.extra_levels = parts.extra_levels
        self.filters = parts.filters
        self.depth = parts.depth
        self.norm = parts.norm
        self.norm_groups = parts.norm_groups
        self.prior = parts.prior

    def get_config(self):
        return {
            **super().get_config(),
            "strides": self.strides,
            "extra_levels": self.extra_levels,
            "filters": self.filters,
            "depth": self.depth,
            "norm": self.norm,
            "norm_groups": self.norm_groups,
            "prior": self.prior,
        }


class DetectionParts:
    """What all detection networks take, and the parts that it builds.

    Args:
        backbone: `keras.Model` from pictures of one size to a list of maps,
            the finest first; or a model of `keras_nn.models` for pictures,
            whose `features_only(strides)` is that.
        num_classes: int. Number of classes, at least 1.
        strides: list of int, in pixels, or None for a backbone that is a list
            of maps already. Which maps.
        extra_levels: int. Further maps, coarser than the backbone's.
        filters: int. Channels of the pyramid and of the towers.
        depth: int. Hidden convolutions of the towers.
        norm: None, `"group"` or `"layer"`: their normalisation.
        norm_groups: int. Groups of `"group"`.
        prior: float in (0, 1). Probability of a class that a new network
            predicts everywhere.
        dtype: dtype policy of the layers.

    Attributes:
        strides: list of int. The strides of all maps of the pyramid.
        given: list of int or None. The argument `strides`.

    Raises:
        ValueError: if the pictures do not have one known size, or a map is
            not as large as its stride says.
    """

    def __init__(
        self,
        backbone,
        num_classes,
        strides,
        extra_levels,
        filters,
        depth,
        norm,
        norm_groups,
        prior,
        dtype,
    ):
        if num_classes < 1:
            raise ValueError(
                f"`num_classes` must be positive. Received: {num_classes=}"
            )
        _check_size(backbone)
        self.backbone = backbone
        self.num_classes = num_classes
        self.given = None if strides is None else list(strides)
        self.extra_levels = extra_levels
        self.filters = filters
        self.depth = depth
        self.norm = norm
        self.norm_groups = norm_groups
        self.prior = prior
        self.dtype = dtype
        self.image_size = tuple(backbone.input_shape[1:3])
        self.features = _maps(backbone, self.given)
        shapes = self.features.output_shape
        shapes = shapes if isinstance(shapes, list) else [shapes]
        self.strides = [self._stride(shape) for shape in shapes]
        for _ in range(extra_levels):
            self.strides.append(2 * self.strides[-1])

    def images(self):
        """Where the graph starts."""
        return keras.Input(self.backbone.input_shape[1:], name="images")

    def pyramid(self, images):
        """The maps of all strides, a list of Keras tensors."""
        maps = self.features(images)
        maps = maps if isinstance(maps, list) else [maps]
        return FeaturePyramid(
            self.filters,
            self.extra_levels,
            dtype=self.dtype,
            name="pyramid",
        )(maps)

    def tower(self, maps, outputs, name, boxes=1, prior=None):
        """Predictions of a tower at all places: `(batch, boxes, outputs)`."""
        return PyramidTower(
            outputs,
            boxes=boxes,
            filters=self.filters,
            depth=self.depth,
            norm=self.norm,
            norm_groups=self.norm_groups,
            prior=prior,
            dtype=self.dtype,
            name=name,
        )(maps)

    def join(self, *predictions):
        """Predictions side by side, in float32."""
        return keras.layers.Concatenate(dtype="float32", name="predictions")(
            list(predictions)
        )

    def _stride(self, shape):
        """The stride of a map, a power of two if it may be one."""
        sides, cells = self.image_size, tuple(shape[1:3])
        possible = [
            stride
            for stride in range(1, max(sides) + 1)
            if cells == tuple(-(-side // stride) for side in sides)
        ]
        if not possible:
            raise ValueError(
                "A map must have one cell for each stride of the picture in "
                "both directions, the last one cut off. Received: a map of "
                f"{cells} for pictures of {sides}"
            )
        return min(possible, key=lambda stride: stride & (stride - 1))


def _maps(backbone, strides, usual=(8, 16, 32)):
    if hasattr(backbone, "features_only"):
        return backbone.features_only(strides or usual)
    if strides is not None:
        raise ValueError(
            "`strides` choose among the maps of a backbone of "
            "`keras_nn.models`; any other must end in the list of maps that "
            f"is wanted. Received: {strides=} and {type(backbone).__name__}"
        )
    return backbone


def last_map(backbone, stride=None):
    """A model from pictures of one size to one map of features.

    Args:
        backbone: as in `DetectionParts`, or one that ends in a map.
        stride: int or None, in pixels: which of the maps of a model of
            `keras_nn.models`. Defaults to None, 32.

    Returns:
        A `keras.Model` that shares the backbone's weights.

    Raises:
        ValueError: if the size of the pictures is not known.
    """
    _check_size(backbone)
    strides = None if stride is None else [stride]
    features = _maps(backbone, strides, [32])
    return keras.Model(features.input, features.outputs[-1], name="features")


def _check_size(backbone):
    if None in backbone.input_shape[1:]:
        raise ValueError(
            "A detector takes pictures of one size, which must be known. "
            f"Received: a backbone of input shape {backbone.input_shape}"
        )

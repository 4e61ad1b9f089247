import keras
from keras import ops

from keras_nn.layers.detection.point_boxes import PointBoxes
from keras_nn.losses.detection.fcos_loss import FCOSLoss
from keras_nn.models.detection.detection_network import DetectionNetwork
from keras_nn.models.detection.detection_network import DetectionParts


@keras.saving.register_keras_serializable(package="keras_nn")
class FCOS(DetectionNetwork):
    """A box at every place of a pyramid, by its distances from the sides.

    Two towers over all maps of a `FeaturePyramid`: one for classes, one for
    the distances and for how close to the centre of an object the place is.
    No anchors.

    Args:
        backbone: `keras.Model` for pictures of one known size: a model of
            `keras_nn.models` with `features_only`, or one that ends in a list
            of maps, the finest first.
        num_classes: int. Number of classes, without background.
        strides: list of int, in pixels, or None. Which maps of the backbone.
            Defaults to None: 8, 16 and 32, or the list that it ends in.
        extra_levels: int. Further, coarser maps. Defaults to 2.
        filters: int. Channels of the pyramid and of the towers. Defaults to
            256.
        depth: int. Hidden convolutions of the towers. Defaults to 4.
        norm: None, `"group"` or `"layer"`: their normalisation. Defaults to
            `"group"`.
        norm_groups: int. Groups of `"group"`. Defaults to 32.
        prior: float in (0, 1). Probability of a class that a new network
            predicts everywhere. Defaults to 0.01.
        reach: float. Objects of up to so many strides from a place to the
            farthest side belong to its map. Defaults to 8.
        radius: float. Places up to so many strides from the centre answer
            for an object. Defaults to 1.5.
        dtype: str or dtype policy of the layers; boxes are in float32.
        **kwargs: `name`, `trainable`.

    Returns:
        A float32 tensor `(batch, places, 5 + num_classes)`: the corners
        `(x_min, y_min, x_max, y_max)` of boxes, in pixels, the logit of the
        centre-ness, and the logits of classes. `candidates` turns it into
        boxes and probabilities.

    Raises:
        ValueError: if the size of the pictures is not known, or an argument
            is out of range.

    Example:

    >>> from keras_nn.models import ResNet
    >>> backbone = ResNet.from_preset(
    ...     "resnet20", include_top=False, input_shape=(32, 32, 3)
    ... )
    >>> model = FCOS(
    ...     backbone, 3, strides=[4], extra_levels=1, filters=8, depth=1,
    ...     norm_groups=2,
    ... )
    >>> model.map_strides, model.output_shape
    ([4, 8], (None, 80, 8))

    Reference:
        [Tian et al., 2019](https://arxiv.org/abs/1904.01355)
    """

    def __init__(
        self,
        backbone,
        num_classes,
        strides=None,
        extra_levels=2,
        filters=256,
        depth=4,
        norm="group",
        norm_groups=32,
        prior=0.01,
        reach=8.0,
        radius=1.5,
        dtype=None,
        **kwargs,
    ):
        parts = DetectionParts(
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
        )
        images = parts.images()
        maps = parts.pyramid(images)
        classes = parts.tower(
            maps, num_classes, "class_tower", prior=parts.prior
        )
        places = parts.tower(maps, 5, "box_tower")
        corners = PointBoxes(parts.image_size, parts.strides, name="boxes")(
            places[..., :4]
        )
        outputs = parts.join(corners, places[..., 4:], classes)
        super().__init__(images, outputs, parts, **kwargs)
        self.reach = reach
        self.radius = radius

    def objective(self):
        return FCOSLoss(
            self.image_size, self.map_strides, self.reach, self.radius
        )

    def candidates(self, outputs):
        centre = ops.sigmoid(outputs[..., 4:5])
        classes = ops.sigmoid(outputs[..., 5:])
        # A root keeps its slope finite and the scale of a probability.
        return outputs[..., :4], ops.sqrt(centre * classes)

    def get_config(self):
        return {
            **super().get_config(),
            "reach": self.reach,
            "radius": self.radius,
        }

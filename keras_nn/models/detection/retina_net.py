import keras
from keras import ops

from keras_nn.layers.detection.anchor_boxes import AnchorBoxes
from keras_nn.losses.detection.retina_net_loss import RetinaNetLoss
from keras_nn.models.detection.detection_network import DetectionNetwork
from keras_nn.models.detection.detection_network import DetectionParts


@keras.saving.register_keras_serializable(package="keras_nn")
class RetinaNet(DetectionNetwork):
    """Anchors of several sizes and shapes at every place of a pyramid.

    Two towers over all maps of a `FeaturePyramid`: one for classes, one that
    shifts and grows the anchors.

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
            None.
        norm_groups: int. Groups of `"group"`. Defaults to 32.
        prior: float in (0, 1). Probability of a class that a new network
            predicts everywhere. Defaults to 0.01.
        size: float. Side of the anchor of scale 1, in strides. Defaults to 4.
        scales: list of float. Defaults to three thirds of an octave.
        ratios: list of float. Height over width. Defaults to 1/2, 1, 2.
        box_loss_kind: str. `"smooth_l1"` or `"giou"`: what its `objective()`
            asks of boxes. Defaults to `"smooth_l1"`.
        dtype: str or dtype policy of the layers; boxes are in float32.
        **kwargs: `name`, `trainable`.

    Returns:
        A float32 tensor `(batch, anchors, 4 + num_classes)`: the corners
        `(x_min, y_min, x_max, y_max)` of boxes, in pixels, and the logits of
        classes. `candidates` turns it into boxes and probabilities.

    Raises:
        ValueError: if the size of the pictures is not known, or an argument
            is out of range.

    Example:

    >>> from keras_nn.models import ResNet
    >>> backbone = ResNet.from_preset(
    ...     "resnet20", include_top=False, input_shape=(32, 32, 3)
    ... )
    >>> model = RetinaNet(
    ...     backbone, 3, strides=[4], extra_levels=1, filters=8, depth=1
    ... )
    >>> model.map_strides, model.output_shape
    ([4, 8], (None, 720, 7))

    Reference:
        [Lin et al., 2017](https://arxiv.org/abs/1708.02002)
    """

    def __init__(
        self,
        backbone,
        num_classes,
        strides=None,
        extra_levels=2,
        filters=256,
        depth=4,
        norm=None,
        norm_groups=32,
        prior=0.01,
        size=4.0,
        scales=(1.0, 2 ** (1 / 3), 2 ** (2 / 3)),
        ratios=(0.5, 1.0, 2.0),
        box_loss_kind="smooth_l1",
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
        boxes = len(scales) * len(ratios)
        classes = parts.tower(
            maps, num_classes, "class_tower", boxes, parts.prior
        )
        deltas = parts.tower(maps, 4, "box_tower", boxes)
        corners = AnchorBoxes(
            parts.image_size, parts.strides, size, scales, ratios, name="boxes"
        )(deltas)
        super().__init__(images, parts.join(corners, classes), parts, **kwargs)
        self.size = size
        self.scales = list(scales)
        self.ratios = list(ratios)
        self.box_loss_kind = box_loss_kind

    def objective(self):
        return RetinaNetLoss(
            self.image_size,
            self.map_strides,
            self.size,
            self.scales,
            self.ratios,
            box_loss_kind=self.box_loss_kind,
        )

    def candidates(self, outputs):
        return outputs[..., :4], ops.sigmoid(outputs[..., 4:])

    def get_config(self):
        return {
            **super().get_config(),
            "size": self.size,
            "scales": self.scales,
            "ratios": self.ratios,
            "box_loss_kind": self.box_loss_kind,
        }

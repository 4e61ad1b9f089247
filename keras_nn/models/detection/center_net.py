import keras
from keras import ops

from keras_nn.layers.detection.centre_boxes import CentreBoxes
from keras_nn.losses.detection.center_net_loss import CenterNetLoss
from keras_nn.models.detection.detection_network import DetectionNetwork
from keras_nn.models.detection.detection_network import DetectionParts


@keras.saving.register_keras_serializable(package="keras_nn")
class CenterNet(DetectionNetwork):
    """Objects as points: peaks of a heat map, with an offset and a size.

    Two towers over the finest map of a `FeaturePyramid`: one for a heat map
    of each class, which peaks at the centres of objects, one for where in its
    cell the centre lies and for the sides of the box. No anchors; a peak is
    what is highest among its eight neighbours.

    Args:
        backbone: `keras.Model` for pictures of one known size: a model of
            `keras_nn.models` with `features_only`, or one that ends in a list
            of maps, the finest first.
        num_classes: int. Number of classes, without background.
        strides: list of int, in pixels, or None. Which maps of the backbone
            make the pyramid; centres are looked for on the first. Defaults to
            None: 8, 16 and 32, or the list that it ends in.
        filters: int. Channels of the pyramid and of the towers. Defaults to
            256.
        depth: int. Hidden convolutions of the towers. Defaults to 2.
        norm: None, `"group"` or `"layer"`: their normalisation. Defaults to
            `"group"`.
        norm_groups: int. Groups of `"group"`. Defaults to 32.
        prior: float in (0, 1). Probability of a class that a new network
            predicts everywhere. Defaults to 0.1.
        overlap: float in (0, 1). See `CenterNetLoss`. Defaults to 0.7.
        size_weight: float. Weight of the sides in the loss. Defaults to 0.1.
        dtype: str or dtype policy of the layers; boxes are in float32.
        **kwargs: `name`, `trainable`.

    Returns:
        A float32 tensor `(batch, cells, 4 + num_classes)`: the corners
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
    >>> model = CenterNet(
    ...     backbone, 3, strides=[2, 4], filters=8, depth=1, norm_groups=2
    ... )
    >>> model.map_strides, model.output_shape
    ([2, 4], (None, 256, 7))

    Reference:
        [Zhou et al., 2019](https://arxiv.org/abs/1904.07850), with a feature
        pyramid in place of its up-convolutions.
    """

    def __init__(
        self,
        backbone,
        num_classes,
        strides=None,
        filters=256,
        depth=2,
        norm="group",
        norm_groups=32,
        prior=0.1,
        overlap=0.7,
        size_weight=0.1,
        dtype=None,
        **kwargs,
    ):
        parts = DetectionParts(
            backbone,
            num_classes,
            strides,
            0,
            filters,
            depth,
            norm,
            norm_groups,
            prior,
            dtype,
        )
        images = parts.images()
        finest = parts.pyramid(images)[:1]
        classes = parts.tower(
            finest, num_classes, "class_tower", prior=parts.prior
        )
        places = parts.tower(finest, 4, "box_tower")
        corners = CentreBoxes(parts.image_size, parts.strides[0], name="boxes")(
            places
        )
        super().__init__(images, parts.join(corners, classes), parts, **kwargs)
        self.overlap = overlap
        self.size_weight = size_weight

    def objective(self):
        return CenterNetLoss(
            self.image_size,
            self.map_strides[0],
            self.overlap,
            size_weight=self.size_weight,
        )

    def candidates(self, outputs):
        stride = self.map_strides[0]
        height, width = (-(-side // stride) for side in self.image_size)
        scores = ops.sigmoid(outputs[..., 4:])
        heat = ops.reshape(scores, (-1, height, width, self.num_classes))
        around = ops.max_pool(
            heat, 3, 1, padding="same", data_format="channels_last"
        )
        peaks = ops.where(heat >= around, heat, 0.0)
        return outputs[..., :4], ops.reshape(
            peaks, (-1, height * width, self.num_classes)
        )

    def get_config(self):
        config = super().get_config()
        del config["extra_levels"]  # there are none
        return {
            **config,
            "overlap": self.overlap,
            "size_weight": self.size_weight,
        }

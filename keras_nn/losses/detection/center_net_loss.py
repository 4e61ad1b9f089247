import keras
from keras import ops

from keras_nn.losses.detection.heatmap_focal import HeatmapFocal
from keras_nn.ops.box_coders import box_centres
from keras_nn.ops.box_targets import split_targets
from keras_nn.ops.centre_heatmap import centre_heatmap


@keras.saving.register_keras_serializable(package="keras_nn")
class CenterNetLoss(keras.losses.Loss):
    """The loss of a detector that finds objects by their centres.

    `L = HeatmapFocal + 1/n sum_o (w_o |c_o - c'_o|_1 + w_s |s_o - s'_o|_1)`

    with the centres `c` and the sides `s` of the `n` boxes, in cells, at the
    cells in which the centres lie; see `keras_nn.ops.centre_heatmap`. Each
    picture is divided by its own number of objects.

    Args:
        image_size: tuple `(height, width)` of the pictures, in pixels.
        stride: int, in pixels. That of the network's map.
        overlap: float in (0, 1). Bumps are as wide as boxes may be moved and
            still overlap by this. Defaults to 0.7.
        offset_weight: float. `w_o`. Defaults to 1.
        size_weight: float. `w_s`. Defaults to 0.1.
        alpha: float. As in `HeatmapFocal`. Defaults to 2.
        beta: float. As in `HeatmapFocal`. Defaults to 4.
        name: str. Defaults to `"center_net_loss"`.
        **kwargs: `reduction` and `dtype`, as in Keras.

    Call arguments:
        y_true: float tensor `(batch, m, 5)` of `(x_min, y_min, x_max, y_max,
            class)`, in pixels; rows of class -1 fill up.
        y_pred: float tensor `(batch, cells, 4 + classes)`: the corners of
            boxes in pixels, the logits of classes.

    Returns:
        The loss of each picture, `(batch,)`, before the reduction.

    Raises:
        ValueError: if an argument is out of range, or there are more or fewer
            predictions than cells.

    Example:

    >>> loss = CenterNetLoss((4, 4), 4)
    >>> y_true = ops.convert_to_tensor([[[0.0, 0.0, 4.0, 4.0, 0.0]]])
    >>> y_pred = ops.convert_to_tensor([[[0.0, 0.0, 4.0, 4.0, 9.0]]])
    >>> round(float(loss(y_true, y_pred)), 4)
    0.0

    Reference:
        [Zhou et al., 2019](https://arxiv.org/abs/1904.07850), equations 1 to
        4.
    """

    def __init__(
        self,
        image_size,
        stride,
        overlap=0.7,
        offset_weight=1.0,
        size_weight=0.1,
        alpha=2.0,
        beta=4.0,
        name="center_net_loss",
        **kwargs,
    ):
        super().__init__(name=name, **kwargs)
        if len(image_size) != 2 or min(*image_size, stride) < 1:
            raise ValueError(
                "`image_size` must be (height, width) and `stride` positive, "
                f"in pixels. Received: {image_size=}, {stride=}"
            )
        if not 0 < overlap < 1 or min(offset_weight, size_weight) < 0:
            raise ValueError(
                "`overlap` must lie in (0, 1), weights must not be negative. "
                f"Received: {overlap=}, {offset_weight=}, {size_weight=}"
            )
        self.image_size = tuple(image_size)
        self.stride = stride
        self.overlap = overlap
        self.offset_weight = offset_weight
        self.size_weight = size_weight
        self.alpha = alpha
        self.beta = beta
        self.map_size = tuple(-(-side // stride) for side in image_size)
        self._focal = HeatmapFocal(
            alpha, beta, from_logits=True, reduction="none"
        )

    def call(self, y_true, y_pred):
        height, width = self.map_size
        if y_pred.shape[1] != height * width:
            raise ValueError(
                f"Pictures of {self.image_size} with a map of stride "
                f"{self.stride} have {height * width} predictions. "
                f"Received: shape {tuple(y_pred.shape)}"
            )
        boxes, classes, there = split_targets(y_true)
        boxes = ops.cast(boxes, y_pred.dtype) / self.stride
        number = y_pred.shape[-1] - 4
        heat, cells = centre_heatmap(
            boxes, classes, there, self.map_size, number, self.overlap
        )
        heat = ops.stop_gradient(heat)
        logits = ops.reshape(y_pred[..., 4:], (-1, height, width, number))
        of_heat = self._focal.call(heat, logits)
        found = ops.take_along_axis(y_pred[..., :4], cells[..., None], axis=1)
        apart = box_centres(found / self.stride) - box_centres(boxes)
        apart = ops.abs(apart) * ops.cast(there, y_pred.dtype)[..., None]
        apart = ops.sum(apart, axis=1)  # (batch, 4)
        of_boxes = self.offset_weight * ops.sum(apart[:, :2], axis=-1)
        of_boxes += self.size_weight * ops.sum(apart[:, 2:], axis=-1)
        objects = ops.sum(ops.cast(there, y_pred.dtype), axis=-1)
        return of_heat + of_boxes / ops.maximum(objects, 1)

    def get_config(self):
        return {
            **super().get_config(),
            "image_size": self.image_size,
            "stride": self.stride,
            "overlap": self.overlap,
            "offset_weight": self.offset_weight,
            "size_weight": self.size_weight,
            "alpha": self.alpha,
            "beta": self.beta,
        }


def center_net_loss(
    y_true,
    y_pred,
    image_size,
    stride,
    overlap=0.7,
    offset_weight=1.0,
    size_weight=0.1,
    alpha=2.0,
    beta=4.0,
):
    """`CenterNetLoss` of each picture.

    Args:
        y_true: float tensor `(batch, m, 5)`.
        y_pred: float tensor `(batch, cells, 4 + classes)`.
        image_size: tuple `(height, width)`, in pixels.
        stride: int, in pixels.
        overlap: float in (0, 1). Of moved boxes.
        offset_weight: float. Of the centres.
        size_weight: float. Of the sides.
        alpha: float. Focus on what is badly predicted.
        beta: float. Mercy close to centres.

    Returns:
        A float tensor of shape `(batch,)`.

    Example:

    >>> y_true = ops.convert_to_tensor([[[0.0, 0.0, 4.0, 4.0, 0.0]]])
    >>> tuple(center_net_loss(y_true, ops.ones((1, 4, 6)), (8, 8), 4).shape)
    (1,)
    """
    loss = CenterNetLoss(
        image_size,
        stride,
        overlap,
        offset_weight,
        size_weight,
        alpha,
        beta,
        reduction="none",
    )
    return loss(y_true, y_pred)

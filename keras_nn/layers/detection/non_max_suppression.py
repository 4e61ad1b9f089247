import keras
from keras import ops

from keras_nn.ops.suppress_boxes import suppress_boxes


@keras.saving.register_keras_serializable(package="keras_nn")
class NonMaxSuppression(keras.layers.Layer):
    """The objects that a picture's many predicted boxes come down to.

    Greedily, class by class: the best box is taken, what overlaps it by more
    than `iou_threshold` is left out, and so on. All shapes are fixed, so that
    it can end an exported network. In float32.

    Args:
        iou_threshold: float in [0, 1]. Defaults to 0.5.
        score_threshold: float. Boxes of lower scores are left out. Defaults
            to 0.05.
        max_detections: int. At most so many boxes of a picture. Defaults to
            100.
        dtype: str or dtype policy. Defaults to `"float32"`, whatever the
            global policy.

    Call arguments:
        inputs: list of corners `(batch, n, 4)`, `(x_min, y_min, x_max,
            y_max)`, and scores `(batch, n, classes)` in [0, 1].

    Returns:
        A dict, best first: `boxes`, float32 `(batch, max_detections, 4)`;
        `scores`, float32, and `labels`, int32 `(batch, max_detections)`; what
        fills up has the score 0 and the label -1. `num_detections`, int32
        `(batch,)`, counts the others.

    Raises:
        ValueError: if `max_detections` is not positive, or a threshold does
            not lie in [0, 1].

    Example:

    >>> boxes = ops.convert_to_tensor([[[0, 0, 4, 4], [0, 0, 4, 5.0]]])
    >>> scores = ops.convert_to_tensor([[[0.9], [0.8]]])
    >>> found = NonMaxSuppression(max_detections=2)([boxes, scores])
    >>> ops.convert_to_numpy(found["labels"]).tolist()
    [[0, -1]]

    Reference:
        [Felzenszwalb et al., 2010](https://doi.org/10.1109/TPAMI.2009.167)
    """

    def __init__(
        self,
        iou_threshold=0.5,
        score_threshold=0.05,
        max_detections=100,
        dtype="float32",
        **kwargs,
    ):
        super().__init__(dtype=dtype, **kwargs)
        if max_detections < 1 or not (
            0 <= iou_threshold <= 1 and 0 <= score_threshold <= 1
        ):
            raise ValueError(
                "`max_detections` must be positive, thresholds must lie in "
                f"[0, 1]. Received: {max_detections=}, {iou_threshold=}, "
                f"{score_threshold=}"
            )
        self.iou_threshold = iou_threshold
        self.score_threshold = score_threshold
        self.max_detections = max_detections

    def build(self, input_shape):
        pass

    def call(self, inputs):
        rows = suppress_boxes(
            *inputs,
            self.iou_threshold,
            self.score_threshold,
            self.max_detections,
        )
        labels = ops.cast(rows[..., 5], "int32")
        return {
            "boxes": rows[..., :4],
            "scores": rows[..., 4],
            "labels": labels,
            "num_detections": ops.sum(ops.cast(labels >= 0, "int32"), axis=-1),
        }

    def compute_output_shape(self, input_shape):
        batch, count = input_shape[0][0], self.max_detections
        return {
            "boxes": (batch, count, 4),
            "scores": (batch, count),
            "labels": (batch, count),
            "num_detections": (batch,),
        }

    def compute_output_spec(self, inputs):
        shapes = self.compute_output_shape([x.shape for x in inputs])
        whole = ("labels", "num_detections")
        return {
            name: keras.KerasTensor(
                shape, "int32" if name in whole else "float32"
            )
            for name, shape in shapes.items()
        }

    def get_config(self):
        return {
            **super().get_config(),
            "iou_threshold": self.iou_threshold,
            "score_threshold": self.score_threshold,
            "max_detections": self.max_detections,
        }

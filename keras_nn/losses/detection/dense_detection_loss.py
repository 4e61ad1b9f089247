import keras
from keras import ops

from keras_nn.ops.box_targets import split_targets
from keras_nn.ops.box_targets import take_boxes
from keras_nn.ops.sigmoid_focal import sigmoid_focal


class DenseDetectionLoss(keras.losses.Loss):
    """The loss of a detector that looks for objects at every place.

    Abstract. Each place answers for one true box, for background or for
    nothing; a subclass says for which (`match`) and what a wrong box costs
    (`box_loss`). Classes are learnt by the focal loss. What the reference
    divides by the objects of a whole batch is divided here by those of each
    picture, so that its loss does not depend on its company.

    Args:
        image_size: tuple `(height, width)` of the pictures, in pixels.
        strides: list of int, in pixels. Those of the network's maps.
        alpha: float in [0, 1]. Weight of objects in the focal loss; the rest
            has `1 - alpha`.
        gamma: float. Focus on what is badly predicted.
        box_weight: float. Weight of the boxes beside the classes.
        name: str.
        **kwargs: `reduction` and `dtype`, as in Keras.
    """

    # Numbers of a prediction before the logits of the classes.
    leading = 4

    def __init__(
        self, image_size, strides, alpha, gamma, box_weight, name, **kwargs
    ):
        super().__init__(name=name, **kwargs)
        if len(image_size) != 2 or min(image_size) < 1:
            raise ValueError(
                "`image_size` must be (height, width) in pixels. "
                f"Received: {image_size=}"
            )
        if not strides or min(strides) < 1:
            raise ValueError(
                "`strides` must name a stride for each map, in pixels. "
                f"Received: {strides=}"
            )
        if not 0 <= alpha <= 1 or min(gamma, box_weight) < 0:
            raise ValueError(
                "`alpha` must lie in [0, 1]; `gamma` and `box_weight` must "
                f"not be negative. Received: {alpha=}, {gamma=}, {box_weight=}"
            )
        self.image_size = tuple(image_size)
        self.strides = list(strides)
        self.alpha = alpha
        self.gamma = gamma
        self.box_weight = box_weight

    def call(self, y_true, y_pred):
        boxes, classes, there = split_targets(y_true)
        if y_pred.shape[1] != self.num_places:
            raise ValueError(
                f"Pictures of {self.image_size} with maps of strides "
                f"{self.strides} have {self.num_places} predictions. "
                f"Received: shape {tuple(y_pred.shape)}"
            )
        found = ops.stop_gradient(self.match(boxes, there))
        objects = ops.cast(found >= 0, y_pred.dtype)
        counts = ops.cast(found >= -1, y_pred.dtype)
        logits = y_pred[..., self.leading :]
        targets = ops.one_hot(
            take_boxes(classes, found), logits.shape[-1], dtype=y_pred.dtype
        )
        targets = targets * ops.expand_dims(objects, -1)
        focal = ops.sum(
            sigmoid_focal(targets, logits, self.alpha, self.gamma), axis=-1
        )
        number = ops.maximum(ops.sum(objects, axis=-1), 1)
        of_classes = ops.sum(focal * counts, axis=-1) / number
        true = ops.cast(take_boxes(boxes, found), y_pred.dtype)
        return of_classes + self.box_loss(true, y_pred, objects, number)

    @property
    def num_places(self):
        """int. How many boxes the network predicts."""
        raise NotImplementedError

    def match(self, boxes, there):
        """The true box of each place: int32 `(batch, places)`.

        Args:
            boxes: float tensor `(batch, m, 4)` of corners.
            there: bool tensor `(batch, m)`.

        Returns:
            The number of the box, -1 for background, -2 for what does not
            count.
        """
        raise NotImplementedError

    def box_loss(self, true, predicted, objects, number):
        """What the boxes of each picture cost: `(batch,)`.

        Args:
            true: float tensor `(batch, places, 4)` of corners; anything
                where there is no object.
            predicted: float tensor `(batch, places, leading + classes)`.
            objects: float tensor `(batch, places)`, 1 at objects.
            number: float tensor `(batch,)`, their number, at least 1.
        """
        raise NotImplementedError

    def get_config(self):
        return {
            **super().get_config(),
            "image_size": self.image_size,
            "strides": self.strides,
            "alpha": self.alpha,
            "gamma": self.gamma,
            "box_weight": self.box_weight,
        }

import keras
import tensorflow as tf

from keras_nn import data
from keras_nn.applications.box_prediction import BATCH
from keras_nn.applications.box_targets import check_box_targets


class BoxTraining:
    """How an application of boxes learns and is measured.

    A mixin in front of an `Application` with `augmentation`, `num_classes`
    and `detections`.
    """

    def train_step(self, data):
        x, y, weight = keras.utils.unpack_x_y_sample_weight(data)
        if self.augmentation is not None:
            # Boxes move with their picture, so both pass here.
            pair = {"images": keras.ops.cast(x, "float32"), "boxes": y}
            pair = self.augmentation(pair, training=True)
            x, y = pair["images"], pair["boxes"]
        with tf.GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = self.compute_loss(
                x=x, y=y, y_pred=y_pred, sample_weight=weight, training=True
            )
        self.minimize(loss, tape)
        self.track_loss(loss)
        # Selecting boxes costs as much as the step; it is for validation.
        return {"loss": self._loss_tracker.result()}

    def compute_metrics(self, x, y, y_pred, sample_weight=None):
        found = self.detections(y_pred)
        return super().compute_metrics(x, y, found, sample_weight)

    def get_metrics_result(self):
        """Values of all metrics; a metric of several gives one entry each."""
        found = {}
        for metric in self.metrics:
            if not getattr(metric, "built", True):
                continue  # those of `compile`, as long as nothing is measured
            result = metric.result()
            result = (
                result if isinstance(result, dict) else {metric.name: result}
            )
            for name, value in result.items():
                nested = isinstance(value, dict)
                found.update(value if nested else {name: value})
        return found

    def fit(self, x=None, y=None, batch_size=None, *args, **kwargs):
        of_split = x if isinstance(x, (data.Split, data.Splits)) else None
        for part in (of_split, y, kwargs.get("validation_data")):
            check_box_targets(part, self.num_classes)
        kwargs["validation_batch_size"] = (
            kwargs.get("validation_batch_size") or BATCH
        )
        return super().fit(x, y, batch_size, *args, **kwargs)

    def evaluate(self, x=None, y=None, batch_size=None, *args, **kwargs):
        for part in (x if isinstance(x, data.Split) else None, y):
            check_box_targets(part, self.num_classes)
        if isinstance(x, data.Split):
            batch_size = batch_size or BATCH
        return super().evaluate(x, y, batch_size, *args, **kwargs)

    def predict(self, x, batch_size=None, *args, **kwargs):
        if isinstance(x, data.Split):
            batch_size = batch_size or BATCH
        return super().predict(x, batch_size, *args, **kwargs)

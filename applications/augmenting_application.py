import keras
import numpy as np

from keras_nn.applications.picture_application import PictureApplication


class AugmentingApplication(PictureApplication):
    """A classifier of pictures that are changed, or mixed, in training.

    Abstract. A subclass stores `num_classes` and these layers, each None
    where there is none: `crop`, first of all, `policy`, in front of
    preprocessing, and `augmentation`, behind it, all in its graph; and
    `mixing`, which changes
    the labels, too, and therefore acts in the training step, on
    `{"images": ..., "labels": ...}`, labels as class shares.
    """

    num_classes = None
    crop = None
    policy = None
    augmentation = None
    mixing = None

    def train_step(self, data):
        if self.mixing is None:
            return super().train_step(data)
        x, y, weight = keras.utils.unpack_x_y_sample_weight(data)
        x, y = self._mix(x, y)
        return super().train_step(
            keras.utils.pack_x_y_sample_weight(x, y, weight)
        )

    def augmented(self, images, labels):
        """Pictures and labels as a training step would show them.

        The draws disturb none of the training's.

        Args:
            images: array `(n, height, width, channels)`.
            labels: array `(n,)` of classes, or what else the application's
                `shares` takes.

        Returns:
            `(images, labels)`: what the backbone would get, brought back to
            the pictures' native range where preprocessing is
            `PicturePreprocessing`, and the share of each class, `(n,
            num_classes)`.
        """
        random = (self.crop, self.mixing, self.policy, self.augmentation)
        states = [
            state
            for layer in random
            if layer is not None
            for state in layer.non_trainable_variables
        ]
        before = [state.numpy() for state in states]
        x = keras.ops.cast(images, "float32")
        y = self.shares(np.asarray(labels))
        if self.mixing is not None:
            x, y = self._mix(x, np.asarray(labels))
        if self.crop is not None:
            x = self.crop(x, training=True)
        if self.policy is not None:
            x = self.policy(x, training=True)
        if self.preprocessing is not None:
            x = self.preprocessing(x)
        if self.augmentation is not None:
            x = self.augmentation(x, training=True)
        if hasattr(self.preprocessing, "undo"):
            x = self.preprocessing.undo(x)
        for state, value in zip(states, before, strict=True):
            state.assign(value)
        return keras.ops.convert_to_numpy(x), keras.ops.convert_to_numpy(y)

    def _mix(self, x, y):
        pair = {
            "images": keras.ops.cast(x, "float32"),
            "labels": self.shares(y),
        }
        pair = self.mixing(pair, training=True)
        return pair["images"], pair["labels"]

    def shares(self, y):
        """The share of each class in labels: `(n, num_classes)`."""
        return keras.ops.one_hot(
            keras.ops.reshape(y, [-1]), self.num_classes, dtype="float32"
        )

    def counted(self, y):
        """What metrics take for the labels of a mixture: its larger part."""
        return keras.ops.argmax(y, axis=-1)

    def compute_metrics(self, x, y, y_pred, sample_weight=None):
        if self.mixing is not None and len(y.shape) == 2 and y.shape[1] != 1:
            y = self.counted(y)
        return super().compute_metrics(x, y, y_pred, sample_weight)

import keras
import numpy as np
from keras import ops

from keras_nn.models.image_head import IMAGENET_MEAN
from keras_nn.models.image_head import IMAGENET_STD
from keras_nn.pretrained.keras_applications import published_mode

CAFFE_MEAN = (103.939, 116.779, 123.68)  # blue, green, red

MODES = ("standardize", "rescale", "tf", "torch", "caffe")
# Takes the published numbers as arguments, which no setting can.
_PUBLISHED = "published"
_AT_ONCE = 2**22  # values that are measured in one go
_IN_ALL = 2**28  # values that are looked at: 1,700 pictures of 224x224x3


@keras.saving.register_keras_serializable(package="keras_nn")
class PicturePreprocessing(keras.layers.Layer):
    """Brings pictures from their native range to the range of a network.

    `y = (x - mean) / std`, channel by channel; for `"caffe"` after the
    channels were reversed, from red-green-blue to blue-green-red.

    Args:
        mode: str. `"standardize"`: mean and standard deviation of the
            training pictures, which `adapt` measures; `"rescale"`: 0..255 to
            0..1; `"tf"`: 0..255 to -1..1; `"torch"`, `"caffe"`: what
            published ImageNet weights of that origin were trained with;
            `"published"`: those given. Defaults to `"standardize"`.
        published_mean: list of float, a number a channel, of pictures with
            values of 0..1. Only with `"published"`. Defaults to None.
        published_std: list of float, as `published_mean`. Defaults to None.

    Call arguments:
        inputs: tensor of shape `(batch, height, width, channels)`.

    Returns:
        A tensor of the same shape.

    Example:

    >>> layer = PicturePreprocessing("tf")
    >>> ops.convert_to_numpy(layer(np.full((1, 1, 1, 1), 255.0))).item()
    1.0
    """

    def __init__(
        self,
        mode="standardize",
        published_mean=None,
        published_std=None,
        **kwargs,
    ):
        super().__init__(**{"dtype": "float32", **kwargs})
        if mode not in (*MODES, _PUBLISHED):
            raise ValueError(
                f"`mode` must be one of {(*MODES, _PUBLISHED)}. "
                f"Received: {mode=}"
            )
        if any(
            (value is None) == (mode == _PUBLISHED)
            for value in (published_mean, published_std)
        ):
            raise ValueError(
                "`published_mean` and `published_std` belong to the mode "
                f"'published'. Received: {mode=}, {published_mean=}, "
                f"{published_std=}"
            )
        self.mode = mode
        self.published_mean = published_mean
        self.published_std = published_std

    def build(self, input_shape):
        channels = input_shape[-1]
        if self.mode in ("torch", "caffe") and channels != 3:
            raise ValueError(
                f"Preprocessing {self.mode!r} takes pictures of 3 channels. "
                f"Received: input_shape={tuple(input_shape)}"
            )
        mean, std = {
            _PUBLISHED: (
                np.multiply(self.published_mean or 0.0, 255.0),
                np.multiply(self.published_std or 1.0, 255.0),
            ),
            "standardize": (0.0, 1.0),
            "rescale": (0.0, 255.0),
            "tf": (127.5, 127.5),
            "torch": (
                np.multiply(IMAGENET_MEAN, 255.0),
                np.multiply(IMAGENET_STD, 255.0),
            ),
            "caffe": (CAFFE_MEAN, 1.0),
        }[self.mode]
        self.mean = self._constant("mean", mean, channels)
        self.std = self._constant("std", std, channels)
        self.adapted = self._constant("adapted", 0.0, 1)

    def call(self, inputs):
        if self.mode == "caffe":
            inputs = ops.flip(inputs, axis=-1)
        inputs = ops.cast(inputs, self.compute_dtype)
        mean = ops.cast(self.mean, self.compute_dtype)
        return (inputs - mean) / ops.cast(self.std, self.compute_dtype)

    def undo(self, outputs):
        """The pictures that `outputs` were made of, in their native range."""
        outputs = ops.cast(outputs, self.compute_dtype)
        mean = ops.cast(self.mean, self.compute_dtype)
        pictures = outputs * ops.cast(self.std, self.compute_dtype) + mean
        return ops.flip(pictures, axis=-1) if self.mode == "caffe" else pictures

    def compute_output_shape(self, input_shape):
        return tuple(input_shape)

    def get_config(self):
        return {
            **super().get_config(),
            "mode": self.mode,
            "published_mean": self.published_mean,
            "published_std": self.published_std,
        }

    @property
    def needs_adapt(self):
        """Whether `adapt` has yet to measure the training pictures."""
        adapted = self.built and ops.convert_to_numpy(self.adapted).any()
        return self.mode == "standardize" and not adapted

    def adapt(self, pictures):
        """Measures mean and standard deviation of each channel.

        Args:
            pictures: array of shape `(n, height, width, channels)`.
        """
        if not len(pictures):
            raise ValueError("There is no picture to adapt to. Received: 0")
        if not self.built:
            self.build(np.shape(pictures))
        mean, square = 0.0, 0.0
        step = max(1, _AT_ONCE // int(np.prod(np.shape(pictures)[1:])))
        for start in range(0, len(pictures), step):
            part = np.asarray(pictures[start : start + step], "float64")
            share = len(part) / len(pictures)
            mean = mean + share * part.mean(axis=(0, 1, 2))
            square = square + share * np.square(part).mean(axis=(0, 1, 2))
        std = np.sqrt(np.maximum(square - np.square(mean), 0.0))
        self.mean.assign(mean)
        self.std.assign(np.where(std > 1e-7, std, 1.0))
        self.adapted.assign([1.0])

    def _constant(self, name, value, channels):
        value = np.broadcast_to(np.asarray(value, "float32"), (channels,))
        return self.add_weight(
            name=name,
            shape=(channels,),
            initializer=lambda shape, dtype=None: ops.cast(value, dtype),
            trainable=False,
        )


def preprocessing_for(backbone):
    """The preprocessing that a network expects: a layer, or None.

    Args:
        backbone: `keras.Model`. One of `keras.applications`, and one of ours
            with published weights, gets what these were trained with, one
            that begins with preprocessing of its own gets none, any other
            `"standardize"`. A network on top of a `backbone` asks that one.
    """
    backbone = getattr(backbone, "backbone", backbone)
    published = getattr(backbone, "preprocessing", None)
    if isinstance(published, dict):
        return PicturePreprocessing(**published, name="preprocessing")
    own = keras.layers.Rescaling, keras.layers.Normalization
    if any(isinstance(layer, own) for layer in backbone.layers[:4]):
        return None
    if type(backbone).__module__.startswith("keras.src.models"):
        mode = published_mode(backbone.name)
        if mode is not None:
            return PicturePreprocessing(mode, name="preprocessing")
    return PicturePreprocessing(name="preprocessing")


def some_pictures(x, limit=10_000, seed=0):
    """At most so many of the pictures that `fit` was given: an array.

    Large pictures are fewer: more than 2^28 values are not held in memory.

    Args:
        x: array, `keras_nn.data.Split`, `tf.data.Dataset` of batches or
            `keras.utils.PyDataset`.
        limit: int. Arrays and splits are drawn from at random, batches are
            taken from the first on.
        seed: int. Seed of the draw.
    """
    if hasattr(x, "take") and hasattr(x, "unbatch"):
        return _first_pictures((batch[0] for batch in x), limit)
    if isinstance(x, keras.utils.PyDataset):
        return _first_pictures((x[i][0] for i in range(len(x))), limit)
    if not hasattr(x, "__len__") or not hasattr(x, "shape"):
        raise ValueError(
            "`fit` cannot look at the pictures before it trains on them; call "
            "`app.preprocessing.adapt(pictures)` first. "
            f"Received: {type(x).__name__}"
        )
    is_split = hasattr(x, "arrays")
    limit = _allowed(x.shape if is_split else x.shape[1:], limit)
    chosen = np.arange(len(x))
    if len(x) > limit:
        chosen = np.sort(
            np.random.default_rng(seed).choice(len(x), limit, replace=False)
        )
    part = x[chosen] if len(x) > limit else x
    return part.arrays()[0] if is_split else np.asarray(part)


def _first_pictures(batches, limit):
    found, count = [], 0
    for batch in batches:
        found.append(np.asarray(batch))
        count += len(found[-1])
        if count >= _allowed(found[-1].shape[1:], limit):
            break
    return np.concatenate(found) if found else np.zeros((0,))


def _allowed(shape, limit):
    """How many pictures of a shape may be held in memory."""
    return max(1, min(limit, _IN_ALL // max(1, int(np.prod(shape)))))

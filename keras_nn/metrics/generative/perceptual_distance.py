import keras
import numpy as np
from keras import ops

EPSILON = 1e-10


@keras.saving.register_keras_serializable(package="keras_nn")
class PerceptualDistance(keras.metrics.Mean):
    """How far pictures are apart in the maps of a network, place by place.

    `sum_l mean_hw sum_c w_lc (u_lhwc(x) - u_lhwc(y))^2`, `u = f / |f|`

    over layers `l`, places `hw` and channels `c`; `u` are the maps `f` with
    channels of length 1 at every place. The mean over pictures is given. With
    the networks and the learnt weights of its paper this is LPIPS; numbers of
    two extractors do not compare.

    Args:
        extractor: str. Whose maps they are, such as `"lenet5"`: part of the
            metric's name. Defaults to `"features"`.
        channel_weights: list of one list of floats a layer, one a channel,
            none negative; or None, the default, for weights of 1.
        name: str or None. Defaults to `perceptual_distance_<extractor>`.
        dtype: str. Type of the sums. Defaults to `"float32"`.

    Call arguments:
        y_true: list of maps `(batch, height, width, channels)`, one a layer.
        y_pred: likewise, of the same shapes.

    Returns:
        A scalar; 0 before the first picture.

    Raises:
        ValueError: On negative weights; in `update_state`, if maps and
            weights are not of the same layers and channels.

    Example:

    >>> metric = PerceptualDistance("raw")
    >>> x, y = np.array([1.0, 0.0]), np.array([0.0, 3.0])
    >>> metric.update_state([x[None, None, None]], [y[None, None, None]])
    >>> metric.name, round(float(metric.result()), 4)
    ('perceptual_distance_raw', 2.0)

    Reference:
        [Zhang et al., 2018](https://arxiv.org/abs/1801.03924), equation 1
    """

    def __init__(
        self,
        extractor="features",
        channel_weights=None,
        name=None,
        dtype=None,
    ):
        super().__init__(
            name=name or f"perceptual_distance_{extractor}", dtype=dtype
        )
        if channel_weights is not None and any(
            np.min(weights) < 0 for weights in channel_weights
        ):
            raise ValueError(
                "`channel_weights` must not be negative. "
                f"Received: channel_weights={channel_weights}"
            )
        self.extractor = extractor
        self.channel_weights = channel_weights and [
            np.asarray(weights, "float32").tolist()
            for weights in channel_weights
        ]

    def update_state(self, y_true, y_pred, sample_weight=None):
        values = perceptual_distance(y_true, y_pred, self.channel_weights)
        return super().update_state(values, sample_weight)

    def get_config(self):
        return {
            **super().get_config(),
            "extractor": self.extractor,
            "channel_weights": self.channel_weights,
        }


def perceptual_distance(y_true, y_pred, channel_weights=None):
    """Distance of each pair of pictures; see `PerceptualDistance`.

    Args:
        y_true: list of maps `(batch, height, width, channels)`.
        y_pred: likewise.
        channel_weights: as in `PerceptualDistance`.

    Returns:
        A float tensor `(batch,)`.

    Example:

    >>> x = np.random.default_rng(0).uniform(size=(2, 4, 4, 3))
    >>> perceptual_distance([x], [x]).numpy().tolist()
    [0.0, 0.0]
    """
    y_true, y_pred = (
        maps if isinstance(maps, list | tuple) else [maps]
        for maps in (y_true, y_pred)
    )
    found = [[y.shape[-1] for y in maps] for maps in (y_true, y_pred)]
    if channel_weights is not None:
        found.append([len(weights) for weights in channel_weights])
    if any(channels != found[0] for channels in found):
        raise ValueError(
            "The maps of both pictures, and the weights, must be of the same "
            f"layers and channels. Received: channels {found}"
        )
    weights = channel_weights or [1.0] * len(y_true)
    total = 0.0
    for x, y, w in zip(y_true, y_pred, weights, strict=True):
        apart = ops.square(_directed(x) - _directed(y))  # (b, h, w, c)
        apart = ops.sum(apart * ops.convert_to_tensor(w, "float32"), axis=-1)
        total = total + ops.mean(apart, axis=(1, 2))
    return total


def perceptual_scores(
    real, drawn, extractor, channel_weights=None, batch_size=256
):
    """Mean distance of pairs of pictures, named after the extractor.

    Args:
        real: array of pictures, as the extractor takes them.
        drawn: as many, each compared with the one at its place.
        extractor: `keras.Model` from pictures to a list of maps, such as
            `keras_nn.models.feature_extractor(..., layers=[...])` gives.
        channel_weights: as in `PerceptualDistance`.
        batch_size: int. Defaults to 256.

    Returns:
        A dict of one float: `perceptual_distance_<extractor>`.

    Raises:
        ValueError: If there are not as many pictures of a kind.

    Example:

    >>> layers = [keras.Input((4, 4, 3)), keras.layers.Identity()]
    >>> pixels = keras.Sequential(layers, name="pixels")
    >>> x = np.random.default_rng(0).uniform(size=(2, 4, 4, 3))
    >>> perceptual_scores(x, x, pixels)
    {'perceptual_distance_pixels': 0.0}
    """
    if len(real) != len(drawn) or not len(real):
        raise ValueError(
            "Pictures are compared in pairs. "
            f"Received: {len(real)} and {len(drawn)} pictures"
        )
    metric = PerceptualDistance(extractor.name, channel_weights)
    for start in range(0, len(real), batch_size):
        metric.update_state(
            *(
                extractor.predict_on_batch(x[start : start + batch_size])
                for x in (real, drawn)
            )
        )
    return {metric.name: float(metric.result())}


def _directed(maps):
    """Maps whose channels have a length of 1 at every place."""
    maps = ops.cast(maps, "float32")
    length = ops.sqrt(ops.sum(ops.square(maps), axis=-1, keepdims=True))
    return maps / (length + EPSILON)

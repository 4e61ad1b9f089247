import keras
from keras import ops

from keras_nn.ops.aligned_resize import aligned_resize


@keras.saving.register_keras_serializable(package="keras_nn")
class BilinearUpsampling2D(keras.layers.Layer):
    """Makes a map larger by a whole factor, bilinearly, whatever its size.

    `y_{f i + p} = (1 - |o_p|) x_i + |o_p| x_{i + sign(o_p)}`,
    `o_p = (p + 1/2) / f - 1/2`

    along rows and columns, with the outermost pixels repeated beyond the
    margin. It equals `keras.layers.UpSampling2D(f, interpolation="bilinear")`,
    which fails in a compiled function on maps whose size is not known before.
    There the equation is computed as it stands; where the size is known, the
    backend's own resizing is faster.

    Args:
        factor: int. How many times as high and as wide. Defaults to 2.
        align_corners: bool. Whether the outermost pixels stay outermost
            instead, as in `aligned_resize`. Defaults to False.

    Call arguments:
        inputs: float tensor of shape `(batch, height, width, channels)`.

    Returns:
        A float tensor of shape `(batch, factor * height, factor * width,
        channels)`.

    Raises:
        ValueError: if `factor` is not positive.

    Example:

    >>> layer = BilinearUpsampling2D(2)
    >>> x = ops.reshape(ops.convert_to_tensor([0.0, 4.0]), (1, 1, 2, 1))
    >>> ops.convert_to_numpy(layer(x))[0, 0, :, 0].tolist()
    [0.0, 1.0, 3.0, 4.0]
    """

    def __init__(self, factor=2, align_corners=False, **kwargs):
        super().__init__(**kwargs)
        if factor < 1:
            raise ValueError(f"`factor` must be positive. Received: {factor=}")
        self.factor = factor
        self.align_corners = align_corners
        self.input_spec = keras.InputSpec(ndim=4)

    def build(self, input_shape):
        pass

    def call(self, inputs):
        shape = ops.shape(inputs)
        height, width = (side * self.factor for side in shape[1:3])
        if self.align_corners:
            return aligned_resize(inputs, height, width)
        known = isinstance(height, int) and isinstance(width, int)
        # XLA resizes by odd factors to something else (TensorFlow 2.21).
        if known and self.factor % 2 == 0:
            return ops.image.resize(
                inputs,
                (height, width),
                interpolation="bilinear",
                data_format="channels_last",
            )
        return self._along(2, self._along(1, inputs))

    def compute_output_shape(self, input_shape):
        batch, height, width, channels = input_shape
        sides = [side and side * self.factor for side in (height, width)]
        return (batch, *sides, channels)

    def get_config(self):
        return {
            **super().get_config(),
            "factor": self.factor,
            "align_corners": self.align_corners,
        }

    def _along(self, axis, x):
        first = _cut(x, axis, 0, 1)
        last = _cut(x, axis, -1, None)
        before = ops.concatenate([first, _cut(x, axis, 0, -1)], axis=axis)
        behind = ops.concatenate([_cut(x, axis, 1, None), last], axis=axis)
        phases = []
        for phase in range(self.factor):
            offset = (phase + 0.5) / self.factor - 0.5
            other = behind if offset > 0 else before
            share = abs(offset)
            phases.append(x + share * (other - x) if share else x)
        y = ops.stack(phases, axis=axis + 1)
        shape = list(ops.shape(x))
        shape[axis] = shape[axis] * self.factor
        return ops.reshape(y, shape)


def _cut(x, axis, start, stop):
    return x[(slice(None),) * axis + (slice(start, stop),)]

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class ROIAlign(keras.layers.Layer):
    """The part of a map inside each box, at one size, without rounding.

    A box is divided into `size` x `size` bins; each is the mean of `samples`
    x `samples` places, evenly apart, read bilinearly. The centre of cell `i`
    of the map lies at pixel `stride (i + 1/2)`; more than a cell beyond the
    margin there are zeros.

    Args:
        size: int. Bins along each side. Defaults to 7.
        stride: int. Distance between the cells of the map, in pixels.
            Defaults to 1.
        samples: int. Places in a bin along each side. Defaults to 2.

    Call arguments:
        inputs: list of the map, a float tensor `(batch, height, width,
            channels)`, and of the boxes, a float tensor `(batch, boxes, 4)`
            of `(x_min, y_min, x_max, y_max)`, in pixels. No gradient flows
            to the boxes.

    Returns:
        A float tensor `(batch, boxes, size, size, channels)`.

    Raises:
        ValueError: if an argument is not positive.

    Example:

    >>> layer = ROIAlign(size=2, stride=4)
    >>> boxes = ops.convert_to_tensor([[[0.0, 0.0, 16.0, 8.0]]])
    >>> tuple(layer([ops.ones((1, 4, 4, 3)), boxes]).shape)
    (1, 1, 2, 2, 3)

    Reference:
        [He et al., 2017](https://arxiv.org/abs/1703.06870), section 3.
    """

    def __init__(self, size=7, stride=1, samples=2, **kwargs):
        super().__init__(**kwargs)
        if min(size, stride, samples) < 1:
            raise ValueError(
                "`size`, `stride` and `samples` must be positive. "
                f"Received: {size=}, {stride=}, {samples=}"
            )
        self.size = size
        self.stride = stride
        self.samples = samples

    def build(self, input_shape):
        pass

    def call(self, inputs):
        x, boxes = inputs
        boxes = ops.stop_gradient(ops.cast(boxes, "float32"))
        height, width = ops.shape(x)[1:3]
        rows = self._reading(boxes[..., 1], boxes[..., 3], height)
        columns = self._reading(boxes[..., 0], boxes[..., 2], width)
        # Both directions one after the other: two products, no gathering.
        x = ops.einsum("bryh,bhwc->brywc", ops.cast(rows, x.dtype), x)
        return ops.einsum("brxw,brywc->bryxc", ops.cast(columns, x.dtype), x)

    def compute_output_shape(self, input_shape):
        maps, boxes = input_shape
        return (*boxes[:2], self.size, self.size, maps[-1])

    def get_config(self):
        return {
            **super().get_config(),
            "size": self.size,
            "stride": self.stride,
            "samples": self.samples,
        }

    def _reading(self, low, high, cells):
        """How much each bin takes of each cell: `(batch, boxes, size, cells)`.

        Args:
            low: float tensor `(batch, boxes)`, in pixels.
            high: likewise.
            cells: int. Of the map, along this axis.
        """
        count = self.size * self.samples
        share = (ops.arange(count, dtype="float32") + 0.5) / count
        low = ops.expand_dims(low, -1)
        places = low + (ops.expand_dims(high, -1) - low) * share
        places = places / self.stride - 0.5  # (batch, boxes, count)
        last = ops.cast(cells - 1, "float32")
        inside = ops.logical_and(places >= -1, places <= last + 1)
        places = ops.expand_dims(ops.clip(places, 0.0, last), -1)
        there = ops.arange(cells, dtype="float32")
        weights = ops.relu(1 - ops.abs(places - there))
        weights = weights * ops.cast(ops.expand_dims(inside, -1), "float32")
        batch, boxes = ops.shape(low)[:2]
        shape = (batch, boxes, self.size, self.samples, cells)
        return ops.mean(ops.reshape(weights, shape), axis=3)

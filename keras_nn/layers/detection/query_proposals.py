import keras
import numpy as np
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class QueryProposals(keras.layers.Layer):
    """The tokens that look most like objects, as queries of a decoder.

    `m = norm(W x + b)`; `c = W_c m + b_c`; `t = W_2 relu(W_1 m + b_1) + b_2 +
    a`; of all tokens the `count` with the highest `max_k c_k - c_none`

    Each token says a class and a box of its own, which begins a quarter of
    the picture wide and high around its cell, `s(a)` with the logistic
    function `s`. The best become queries that know from the first step on
    where to look, in place of learnt ones.

    Args:
        count: int. How many queries.
        num_classes: int. Without "none".
        map_size: tuple `(height, width)` of the map that the tokens are the
            cells of, row by row.

    Call arguments:
        inputs: float tensor `(batch, height * width, features)`.

    Returns:
        A list: `m` of the best tokens, `(batch, count, features)`; `t`,
        float32 `(batch, count, 4)`, their boxes `x, y, width, height` in
        shares of the picture, before `s`; `c`, float32 `(batch, count,
        num_classes + 1)`, logits, of "none" the last.

    Raises:
        ValueError: if there are fewer tokens than queries, or other tokens
            than cells.

    Example:

    >>> layer = QueryProposals(5, 3, (4, 4))
    >>> [tuple(part.shape) for part in layer(ops.ones((1, 16, 8)))]
    [(1, 5, 8), (1, 5, 4), (1, 5, 4)]

    Reference:
        [Zhu et al., 2020](https://arxiv.org/abs/2010.04159), section 4.2,
        "two-stage", on one map; that content is taken from tokens:
        [Yao et al., 2021](https://arxiv.org/abs/2104.01318).
    """

    def __init__(self, count, num_classes, map_size, **kwargs):
        super().__init__(**kwargs)
        if min(count, num_classes) < 1 or len(map_size) != 2:
            raise ValueError(
                "`count` and `num_classes` must be positive, `map_size` is "
                f"(height, width). Received: {count=}, {num_classes=}, "
                f"{map_size=}"
            )
        if count > map_size[0] * map_size[1]:
            raise ValueError(
                "There cannot be more queries than cells of the map. "
                f"Received: {count=}, {map_size=}"
            )
        self.count = count
        self.num_classes = num_classes
        self.map_size = tuple(map_size)
        self.norm = keras.layers.LayerNormalization(
            epsilon=1e-5, dtype=self.dtype_policy, name="norm"
        )
        # What is chosen by is not blurred by half precision.
        self.classes = keras.layers.Dense(
            num_classes + 1, dtype="float32", name="classes"
        )
        self.box = keras.layers.Dense(
            4, kernel_initializer="zeros", dtype="float32", name="box"
        )

    def build(self, input_shape):
        cells = self.map_size[0] * self.map_size[1]
        if input_shape[1] != cells:
            raise ValueError(
                "Every token must be a cell of the map. "
                f"Received: {input_shape[1]} tokens for {self.map_size}"
            )
        features = input_shape[-1]
        self.project = keras.layers.Dense(
            features, dtype=self.dtype_policy, name="project"
        )
        self.hidden = keras.layers.Dense(
            features, "relu", dtype=self.dtype_policy, name="hidden"
        )
        layers = self.project, self.norm, self.classes, self.hidden, self.box
        for layer in layers:
            layer.build(input_shape)

    def call(self, inputs):
        content = self.norm(self.project(inputs))
        classes = self.classes(content)
        boxes = self.box(self.hidden(content)) + _around_cells(self.map_size)
        likely = ops.max(classes[..., :-1], axis=-1) - classes[..., -1]
        _, best = ops.top_k(likely, self.count)
        best = ops.expand_dims(ops.cast(best, "int32"), -1)
        return [
            ops.take_along_axis(part, best, axis=1)
            for part in (content, boxes, classes)
        ]

    def compute_output_shape(self, input_shape):
        leading = input_shape[0], self.count
        ends = input_shape[-1], 4, self.num_classes + 1
        return [(*leading, end) for end in ends]

    def compute_output_spec(self, inputs):
        shapes = self.compute_output_shape(inputs.shape)
        dtypes = self.compute_dtype, "float32", "float32"
        return [
            keras.KerasTensor(shape, dtype)
            for shape, dtype in zip(shapes, dtypes, strict=True)
        ]

    def get_config(self):
        return {
            **super().get_config(),
            "count": self.count,
            "num_classes": self.num_classes,
            "map_size": self.map_size,
        }


def _around_cells(map_size):
    """A box around every cell, before the logistic function: `(cells, 4)`."""
    boxes = np.full((*map_size, 4), 0.25)
    boxes[..., 0] = (np.arange(map_size[1]) + 0.5) / map_size[1]
    boxes[..., 1] = (np.arange(map_size[0])[:, None] + 0.5) / map_size[0]
    return np.log(boxes / (1 - boxes)).reshape(-1, 4).astype("float32")

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_nn")
class AdaptiveSoftmax(keras.layers.Layer):
    """A softmax over many classes that spends little on the rare ones.

    Classes are sorted by frequency and cut into clusters. The first is worked
    out in full, with one output more for each other cluster, `c_i`; their
    classes, from fewer and fewer features:
    `log p(k) = log softmax(x H)[c_i] + log softmax(x P_i Q_i)[k]`

    Args:
        num_classes: int.
        cutoffs: list of int. Where clusters begin, in ascending order, below
            `num_classes`.
        factor: float. Each cluster has so many times fewer features than the
            one before. Defaults to 4.
        head_bias: bool. Whether the first projection has a bias. Defaults to
            False.
        kernel_initializer: Defaults to `"glorot_uniform"`.

    Call arguments:
        inputs: float tensor of shape `(..., features)`.
        targets: int tensor of shape `(...)` or None: the classes that are
            asked for.

    Returns:
        float32: `log p` of all classes, of shape `(..., num_classes)`; they
        are logits, too. With targets theirs alone, of shape `(...)`: the
        loss is its negative.

    Raises:
        ValueError: if the cutoffs are none.

    Example:

    >>> layer = AdaptiveSoftmax(10, cutoffs=[2, 5])
    >>> layer(ops.ones((2, 3, 32))).shape
    TensorShape([2, 3, 10])

    Reference:
        [Grave et al., 2017](https://arxiv.org/abs/1609.04309)
    """

    def __init__(
        self,
        num_classes,
        cutoffs,
        factor=4.0,
        head_bias=False,
        kernel_initializer="glorot_uniform",
        **kwargs,
    ):
        super().__init__(**kwargs)
        ends = [0, *cutoffs, num_classes]
        pairs = zip(ends[:-1], ends[1:], strict=True)
        if not cutoffs or any(low >= high for low, high in pairs):
            raise ValueError(
                "`cutoffs` must ascend between 0 and `num_classes`. "
                f"Received: {cutoffs=}, {num_classes=}"
            )
        self.num_classes = num_classes
        self.cutoffs = list(cutoffs)
        self.factor = factor
        self.head_bias = head_bias
        self.kernel_initializer = keras.initializers.get(kernel_initializer)

    def build(self, inputs_shape):
        features = inputs_shape[-1]
        self.head = self._dense(
            "head", self.cutoffs[0] + len(self.cutoffs), self.head_bias
        )
        self.head.build(inputs_shape)
        self.narrow, self.tails = [], []
        ends = [*self.cutoffs, self.num_classes]
        for index, begin in enumerate(self.cutoffs):
            width = max(1, int(features // self.factor ** (index + 1)))
            narrow = self._dense(f"narrow_{index}", width)
            narrow.build(inputs_shape)
            tail = self._dense(f"tail_{index}", ends[index + 1] - begin)
            tail.build((*inputs_shape[:-1], width))
            self.narrow.append(narrow)
            self.tails.append(tail)

    def call(self, inputs, targets=None):
        first = self.cutoffs[0]
        head = _log_softmax(self.head(inputs))
        parts = [
            _log_softmax(tail(narrow(inputs))) + head[..., first + i, None]
            for i, (narrow, tail) in enumerate(
                zip(self.narrow, self.tails, strict=True)
            )
        ]
        parts = [head[..., :first], *parts]
        if targets is None:
            return ops.concatenate(parts, axis=-1)
        found = ops.zeros_like(head[..., 0])
        for begin, part in zip([0, *self.cutoffs], parts, strict=True):
            place = ops.cast(targets, "int32") - begin
            size = part.shape[-1]
            inside = (place >= 0) & (place < size)
            here = ops.clip(place, 0, size - 1)[..., None]
            taken = ops.take_along_axis(part, here, axis=-1)[..., 0]
            found = ops.where(inside, taken, found)
        return found

    def compute_output_shape(self, inputs_shape, targets_shape=None):
        if targets_shape is not None:
            return tuple(targets_shape)
        return (*inputs_shape[:-1], self.num_classes)

    def compute_output_spec(self, inputs, targets=None):
        shape = self.compute_output_shape(
            inputs.shape, None if targets is None else targets.shape
        )
        return keras.KerasTensor(shape, dtype="float32")

    def get_config(self):
        return {
            **super().get_config(),
            "num_classes": self.num_classes,
            "cutoffs": self.cutoffs,
            "factor": self.factor,
            "head_bias": self.head_bias,
            "kernel_initializer": keras.initializers.serialize(
                self.kernel_initializer
            ),
        }

    def _dense(self, name, units, use_bias=False):
        return keras.layers.Dense(
            units,
            use_bias=use_bias,
            # One unseeded instance would start all of them alike.
            kernel_initializer=self.kernel_initializer.clone(),
            dtype=self.dtype_policy,
            name=name,
        )


def _log_softmax(logits):
    return ops.log_softmax(ops.cast(logits, "float32"), axis=-1)

import keras
from keras import ops

from keras_nn.ops.linear_chain import pass_over


@keras.saving.register_keras_serializable(package="keras_nn")
class CRF(keras.layers.Layer):
    """A linear chain of tags: how well each one fits, and each pair.

    `s_t[i, j] = e_t[j] + T[i, j]`, at the first place `e_0[j] + a[j]`, at the
    last one plus `z[j]`, with the inputs `e`, learnt transitions `T`, a
    learnt start `a` and end `z`:

    `log p(y | x) = sum_t s_t[y_(t-1), y_t] - log sum_y' exp(sum_t s_t[...])`

    The outputs hold all of it, with padding made transparent, so that
    `losses.CRFLoss` and `ops.best_path` need nothing else. Give the layer
    the dtype float32.

    Args:
        use_boundary: bool. Whether to learn how well tags begin and end a
            sequence. Defaults to True.
        transition_initializer: of `T`, `a` and `z`. Defaults to `"zeros"`.

    Call arguments:
        inputs: float tensor of shape `(batch, length, tags)`.
        mask: bool tensor of shape `(batch, length)` or None: which tokens are
            there, none of them behind one that is not. Keras hands it down.

    Returns:
        A float tensor of shape `(batch, length, tags, tags)`: see
        `keras_nn.ops.linear_chain`.

    Raises:
        ValueError: if the number of tags is not known.

    Example:

    >>> chain = CRF()(ops.ones((2, 5, 3)))
    >>> chain.shape
    TensorShape([2, 5, 3, 3])

    Reference:
        [Lafferty et al., 2001](https://repository.upenn.edu/handle/20.500.14332/6188)
    """

    def __init__(
        self, use_boundary=True, transition_initializer="zeros", **kwargs
    ):
        super().__init__(**kwargs)
        self.use_boundary = use_boundary
        self.transition_initializer = keras.initializers.get(
            transition_initializer
        )
        self.supports_masking = True

    def build(self, input_shape):
        tags = input_shape[-1]
        if tags is None:
            raise ValueError(
                "The number of tags must be known. "
                f"Received: input_shape={tuple(input_shape)}"
            )

        def add(name, shape):
            return self.add_weight(
                name=name,
                shape=shape,
                # One unseeded instance would start all of them alike.
                initializer=self.transition_initializer.clone(),
            )

        self.transitions = add("transitions", (tags, tags))
        if self.use_boundary:
            self.start = add("start", (tags,))
            self.end = add("end", (tags,))

    def call(self, inputs, mask=None):
        length = ops.shape(inputs)[1]
        places = ops.arange(length, dtype="int32")[None]
        there = None if mask is None else ops.cast(mask, "bool")
        first, last = places < 1, places > length - 2
        if there is not None:
            after = ops.pad(there[:, 1:], ((0, 0), (0, 1)))
            last = there & ~after
        if self.use_boundary:
            end = ops.cast(last, inputs.dtype)[..., None] * self.end
            inputs = inputs + end
        pairs = inputs[:, :, None] + self.transitions
        single = inputs + self.start if self.use_boundary else inputs
        single = ops.broadcast_to(single[:, :, None], ops.shape(pairs))
        pairs = ops.where(first[..., None, None], single, pairs)
        return pairs if there is None else pass_over(pairs, there)

    def compute_output_shape(self, input_shape):
        return (*input_shape, input_shape[-1])

    def compute_mask(self, inputs, mask=None):
        # Padding is transparent, and a loss has one value a sequence.
        return None

    def get_config(self):
        return {
            **super().get_config(),
            "use_boundary": self.use_boundary,
            "transition_initializer": keras.initializers.serialize(
                self.transition_initializer
            ),
        }

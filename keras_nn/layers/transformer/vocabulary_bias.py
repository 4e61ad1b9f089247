import keras


@keras.saving.register_keras_serializable(package="keras_nn")
class VocabularyBias(keras.layers.Layer):
    """Adds to the logits of each token how frequent it is anyway.

    `y = x + b`, one number for each token of the vocabulary: what a head that
    shares its table with the embedding lacks

    Call arguments:
        inputs: float tensor of shape `(batch, ..., vocabulary)`.

    Returns:
        A float tensor of the shape of `inputs`.

    Example:

    >>> VocabularyBias()(ops.ones((2, 5, 9))).shape
    TensorShape([2, 5, 9])
    """

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def build(self, input_shape):
        self.bias = self.add_weight(
            name="bias", shape=(input_shape[-1],), initializer="zeros"
        )

    def call(self, inputs):
        return inputs + self.bias

    def compute_output_shape(self, input_shape):
        return tuple(input_shape)

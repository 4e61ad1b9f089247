import keras


class Backbone(keras.Model):
    """A functional model that is rebuilt from its constructor arguments.

    `keras.Model.get_config()` of a functional model stores the whole graph.
    A backbone stores its arguments instead, so a saved file stays readable
    and loads back as its own class. A subclass builds its graph with
    `keras.Input` and layers, hands both ends to `super().__init__`, then
    stores its arguments under their own names and returns them in
    `get_config`.

    Args:
        inputs: Keras tensor or nested structure of them, the graph's start.
        outputs: Keras tensor or nested structure of them, the graph's end.
        dtype: str or `keras.DTypePolicy` that the subclass gave its layers.
            Defaults to the global policy.
        **kwargs: `name` and `trainable`.

    A subclass may list published sizes in `presets`, a dict from the name of
    the preset to the constructor arguments that differ from the defaults.

    Example:

    >>> from keras_nn.models import ResNet
    >>> model = ResNet.from_preset(
    ...     "resnet20", input_shape=(32, 32, 3), include_top=False
    ... )
    >>> model.features(["conv2_block3_out", "conv4_block3_out"]).output_shape
    [(None, 32, 32, 16), (None, 8, 8, 64)]
    """

    presets: dict = {}

    def __init__(self, inputs, outputs, dtype=None, **kwargs):
        super().__init__(inputs, outputs, **kwargs)
        self.dtype_policy = keras.dtype_policies.get(dtype)

    @classmethod
    def from_preset(cls, preset, **overrides):
        """Builds the named preset; `overrides` replace its arguments."""
        if preset not in cls.presets:
            raise ValueError(
                f"`preset` of {cls.__name__} must be one of "
                f"{sorted(cls.presets)}. Received: {preset=}"
            )
        return cls(**{"name": preset, **cls.presets[preset], **overrides})

    def features(self, layer_names):
        """A model from this model's inputs to the outputs of named layers."""
        known = [layer.name for layer in self.layers]
        unknown = [name for name in layer_names if name not in known]
        if unknown:
            raise ValueError(
                f"`layer_names` must name layers of this model: {known}. "
                f"Received: layer_names={list(layer_names)}, unknown={unknown}"
            )
        outputs = [self.get_layer(name).output for name in layer_names]
        return keras.Model(self.input, outputs, name=f"{self.name}_features")

    def get_config(self):
        return {
            "name": self.name,
            "trainable": self.trainable,
            "dtype": keras.dtype_policies.serialize(self.dtype_policy),
        }

    @classmethod
    def from_config(cls, config, custom_objects=None):
        return cls(**config)

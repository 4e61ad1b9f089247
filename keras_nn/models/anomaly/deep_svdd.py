import keras
import numpy as np
from keras import ops

from keras_nn.training import ObjectiveModel


@keras.saving.register_keras_serializable(package="keras_nn")
class DeepSVDD(ObjectiveModel):
    """Maps what is usual near to one point; what lands far away is not.

    `loss = |encoder(x) - c|^2`, with the centre `c` the mean of the codes
    before training (`adapt`; coordinates within 0.1 of 0 are moved there).
    With `nu` the boundary is soft, `R^2 + max(0, |encoder(x) - c|^2 - R^2) /
    nu`: a share of about `nu` of the data lies outside of the radius `R`.

    An encoder with biases, or with a bounded activation at its end, can map
    everything to `c` whatever it sees: give it `use_bias=False`.

    Args:
        encoder: `keras.Model` from inputs to codes `(batch, units)`.
        nu: float in (0, 1] or None.
        **kwargs: `name`, `trainable`, `dtype`.

    Call arguments:
        inputs: what the encoder takes.

    Returns:
        Squared distances of the centre, `(batch,)`, float32.

    Raises:
        ValueError: If `nu` is no share.

    Example:

    >>> layers = [keras.Input((4,)), keras.layers.Dense(2, use_bias=False)]
    >>> model = DeepSVDD(keras.Sequential(layers))
    >>> model.compile("adam")
    >>> history = model.fit(np.ones((8, 4)), epochs=2, verbose=0)
    >>> tuple(model(np.ones((3, 4))).shape)
    (3,)

    Reference:
        [Ruff et al., 2018](https://proceedings.mlr.press/v80/ruff18a.html)
    """

    parts = ("distance",)
    num_classes = None
    picture_range = (0.0, 1.0)

    def __init__(self, encoder, nu=None, **kwargs):
        super().__init__(**kwargs)
        if nu is not None and not 0 < nu <= 1:
            raise ValueError(f"`nu` must be in (0, 1]. Received: {nu=}")
        self.encoder = encoder
        self.nu = nu
        units = encoder.outputs[0].shape[-1]
        self.centre = self.add_weight(
            name="centre",
            shape=(units,),
            initializer="zeros",
            trainable=False,
            dtype="float32",
        )
        self.adapted = self.add_weight(
            name="adapted", shape=(), initializer="zeros", trainable=False
        )
        if nu is not None:
            self.radius = self.add_weight(
                name="radius", shape=(), initializer="ones", dtype="float32"
            )
        self.built = True

    def distance(self, inputs, training=False):
        """Squared distances of the centre: `(batch,)`, float32."""
        codes = ops.cast(self.encoder(inputs, training=training), "float32")
        return ops.sum(ops.square(codes - self.centre), axis=-1)

    def call(self, inputs, training=None):
        return self.distance(inputs, training)

    def compute_output_shape(self, input_shape):
        return (input_shape[0],)

    def objective(self, x, y, training):
        distance = self.distance(ops.cast(x, "float32"), training)
        if self.nu is None:
            return {"loss": distance, "distance": distance}
        square = ops.square(self.radius)
        outside = ops.maximum(distance - square, 0.0) / self.nu
        return {"loss": square + outside, "distance": distance}

    def adapt(self, x, y=None):
        """Sets the centre to the mean code of data, once.

        Args:
            x: array of examples.
            y: not used.
        """
        if float(ops.convert_to_numpy(self.adapted)):
            return
        codes = self.encoder.predict(np.asarray(x), verbose=0)
        centre = codes.astype("float32").mean(axis=0)
        near = np.abs(centre) < 0.1
        centre = np.where(near, np.where(centre < 0, -0.1, 0.1), centre)
        self.centre.assign(centre)
        self.adapted.assign(1.0)

    def fit(self, x=None, y=None, *args, **kwargs):
        if isinstance(x, np.ndarray) and len(x) and np.isfinite(x).all():
            self.adapt(x)
        return super().fit(x, y, *args, **kwargs)

    def default_optimizer(self):
        """What an application compiles the model with."""
        return keras.optimizers.AdamW(1e-3, weight_decay=1e-4)

    def get_config(self):
        return {
            **super().get_config(),
            "encoder": keras.saving.serialize_keras_object(self.encoder),
            "nu": self.nu,
        }

    @classmethod
    def from_config(cls, config):
        encoder = keras.saving.deserialize_keras_object(config["encoder"])
        return cls(**{**config, "encoder": encoder})

import keras
from keras import ops

from keras_nn.models.asked import seed_or_fresh
from keras_nn.models.energy.one_device import check_one_device
from keras_nn.training import ObjectiveModel


@keras.saving.register_keras_serializable(package="keras_nn")
class DBN(ObjectiveModel):
    """Deep belief network: RBMs on top of one another, learnt one by one.

    The first RBM learns the data, each other one the hidden probabilities of
    that below. The RBM whose turn it is has `layer_steps` steps of the
    optimiser; the last one goes on. The loss in the logs is that of the RBM
    at work (see `RBM`), so it jumps between them. An optimiser with momentum
    moves a layer a little after its turn, until its averages are gone.

    Args:
        rbms: list of `RBM`s, from the data up. Above the first all visible
            units are `"bernoulli"`.
        layer_steps: int. Steps of the optimiser for each.
        **kwargs: `name`, `trainable`, `dtype`.

    Call arguments:
        inputs: float tensor `(batch, ...)`.

    Returns:
        Hidden probabilities of the top, `(batch, hidden_units)`.

    Raises:
        ValueError: If the RBMs do not fit on top of one another.

    Example:

    >>> import numpy as np
    >>> from keras_nn.models import RBM
    >>> model = DBN([RBM((4,), 3), RBM((3,), 2)], layer_steps=2)
    >>> model.compile("adam")
    >>> history = model.fit(np.ones((8, 4)), epochs=4, verbose=0)
    >>> tuple(model(np.ones((5, 4))).shape)
    (5, 2)

    Reference:
        [Hinton et al., 2006](https://doi.org/10.1162/neco.2006.18.7.1527)
    """

    parts = ("free_energy",)
    num_classes = None
    generation_options = ("steps",)

    def __init__(self, rbms, layer_steps, **kwargs):
        super().__init__(**kwargs)
        rbms = list(rbms)
        if not rbms or layer_steps < 1:
            raise ValueError(
                "`rbms` must hold an RBM and `layer_steps` be positive. "
                f"Received: {len(rbms)} RBMs, {layer_steps=}"
            )
        for below, above in zip(rbms, rbms[1:], strict=False):
            if above.units != below.hidden_units or (
                above.visible != "bernoulli"
            ):
                raise ValueError(
                    "Each RBM must take the hidden units of that below, as "
                    f"Bernoulli. Received: {below.hidden_units} hidden units "
                    f"below {above.units} {above.visible} ones"
                )
        self.rbms = rbms
        self.layer_steps = layer_steps
        self.built = True

    @property
    def example_shape(self):
        """tuple of ints. The shape of an example."""
        return self.rbms[0].example_shape

    @property
    def picture_range(self):
        """pair of numbers. The values of an example."""
        return self.rbms[0].picture_range

    @property
    def one_device(self):
        """bool. Whether chains go on from batch to batch."""
        return any(rbm.one_device for rbm in self.rbms)

    @property
    def kernel(self):
        """The kernel of the first RBM: what it looks for in the data."""
        return self.rbms[0].kernel

    def features(self, inputs):
        """Hidden probabilities of the top: `(n, hidden_units)`, float32."""
        for rbm in self.rbms:
            inputs = rbm.features(inputs)
        return inputs

    def call(self, inputs, training=None):
        return ops.cast(self.features(inputs), self.compute_dtype)

    def compute_output_shape(self, input_shape):
        return input_shape[0], self.rbms[-1].hidden_units

    @property
    def turn(self):
        """int tensor. The index of the RBM that learns now."""
        done = ops.floor_divide(self.optimizer.iterations, self.layer_steps)
        return ops.minimum(ops.cast(done, "int32"), len(self.rbms) - 1)

    def objective(self, x, y, training):
        turn, found = self.turn, None
        for index, rbm in enumerate(self.rbms):
            mine = rbm.objective(x, None, training)
            if found is None:
                found = mine
            else:
                here = turn == index
                found = {k: ops.where(here, mine[k], found[k]) for k in mine}
            x = ops.stop_gradient(rbm.features(x))
        return found

    def fit(self, x=None, y=None, *args, **kwargs):
        check_one_device(self, self.distribute_strategy)
        return super().fit(x, y, *args, **kwargs)

    def generate(self, count, labels=None, steps=1000, seed=None):
        """Draws from the top RBM, then down: means of the visible units.

        Args:
            count: int. How many.
            labels: None.
            steps: int. Of Gibbs sampling in the top RBM. Defaults to 1000.
            seed: int or None. The same seed gives the same examples.

        Returns:
            Float32 array `(count, ...)`.
        """
        seed = seed_or_fresh(seed)
        units = self.rbms[-1].gibbs(count, steps, seed)
        for index, rbm in enumerate(reversed(self.rbms[:-1])):
            noise = keras.random.uniform(units.shape, seed=seed + index)
            hidden = ops.cast(noise < units, "float32")
            units = ops.convert_to_numpy(rbm.expected(hidden))
        return units.reshape(count, *self.example_shape)

    def default_optimizer(self):
        """What an application compiles the model with."""
        return keras.optimizers.Adam(1e-3)

    def get_config(self):
        rbms = [keras.saving.serialize_keras_object(r) for r in self.rbms]
        for rbm in rbms:
            for key in ("build_config", "compile_config"):
                rbm.pop(key, None)
        return {
            **super().get_config(),
            "rbms": rbms,
            "layer_steps": self.layer_steps,
        }

    @classmethod
    def from_config(cls, config):
        rbms = [
            keras.saving.deserialize_keras_object(c) for c in config["rbms"]
        ]
        return cls(**{**config, "rbms": rbms})

import keras
from keras import ops

from keras_nn.models.asked import check_labels
from keras_nn.models.asked import dict_input
from keras_nn.models.asked import learnt_labels
from keras_nn.models.diffusion.denoiser_inputs import as_denoiser_inputs
from keras_nn.models.diffusion.noise_levels import NoiseLevels
from keras_nn.models.diffusion.prediction import Prediction
from keras_nn.training import ObjectiveModel
from keras_nn.training import input_gradients


@keras.saving.register_keras_serializable(package="keras_nn")
class NoisyClassifier(ObjectiveModel):
    """Tells classes at every level of noise, and so guides any sampler.

    Its gradient turns a denoiser of all pictures into one of a class:

    `noise' = noise - scale * sigma * g`,
    `clean' = clean + scale * sigma**2 / alpha * g`,
    `g = d log p(label | noisy) / d noisy`.

    The logits are `prior + alpha_t * network(noisy, t)`, `alpha_t` what is
    left of the picture: the less, the less it knows, and `clean'` stays
    finite where there is next to nothing.

    `fit(pictures, labels)`, pictures of the diffusion model's range; it noises
    them itself. No loss is compiled; logs hold `accuracy`, over all levels.

    Args:
        network: functional `keras.Model` of a dict with `noisy` and `times`
            to one number a class, such as `NoisyEncoder`.
        schedule: `NoiseSchedule`, that of the model to be guided.
        **kwargs: `name`, `trainable`, `dtype`.

    Call arguments:
        inputs: the network's dict; or pictures, which are taken for noisy ones
            of the lowest level.

    Returns:
        Float32 logits `(batch, classes)`.

    Raises:
        ValueError: If the network takes something else.

    Example:

    >>> import numpy as np
    >>> from keras_nn.models import DenoisingMLP, DiffusionModel
    >>> from keras_nn.schedules import CosineNoise
    >>> x, y = np.array([[-1.0], [1.0]] * 64), np.array([0, 1] * 64)
    >>> small = {"units": 16, "depth": 1, "embedding_units": 8}
    >>> network = DenoisingMLP((1,), output_units=2, **small)
    >>> classifier = NoisyClassifier(network, CosineNoise())
    >>> classifier.compile(keras.optimizers.Adam(1e-2))
    >>> history = classifier.fit(x, y, epochs=2, verbose=0)
    >>> model = DiffusionModel(DenoisingMLP((1,), **small), CosineNoise())
    >>> drawn = model.generate(2, 1, steps=3, classifier=classifier,
    ...                        classifier_scale=2.0)
    >>> drawn.shape
    (2, 1)

    Reference:
        [Dhariwal and Nichol, 2021](https://arxiv.org/abs/2105.05233), section
        4 and algorithm 2
    """

    parts = ("accuracy",)

    def __init__(self, network, schedule, **kwargs):
        super().__init__(**kwargs)
        if not dict_input(network, {"noisy", "times"}):
            raise ValueError(
                "`network` must be a functional model of a dict of `noisy` "
                f"and `times`. Received: {network}"
            )
        self.network = network
        self.schedule = schedule
        self.num_classes = network.output.shape[-1]
        # Of a target nothing is asked here.
        self.levels = NoiseLevels(schedule, Prediction("x0"))
        self.prior = self.add_weight(
            shape=(self.num_classes,),
            name="prior",
            initializer="zeros",
            dtype="float32",
        )
        self.seed_generator = keras.random.SeedGenerator()
        self.built = True

    def call(self, inputs, training=None):
        inputs = as_denoiser_inputs(inputs, None)
        said = ops.cast(self.network(inputs, training=training), "float32")
        return self.prior + self.levels.signal(inputs["times"])[:, None] * said

    def compute_output_shape(self, input_shape):
        if isinstance(input_shape, dict):
            input_shape = input_shape["noisy"]
        return (input_shape[0], self.num_classes)

    def noised(self, pictures, training=True):
        """Pictures at random levels: the network's dict.

        Args:
            pictures: float tensor `(batch, ...)`.
            training: bool. False: the same levels and noise each time.
        """
        pictures = ops.cast(pictures, "float32")
        noise, index = self.levels.drawn(
            pictures, self.seed_generator if training else None
        )
        noisy, times, _, _ = self.levels.noised(pictures, noise, index)
        return {"noisy": noisy, "times": times}

    def objective(self, x, y, training):
        labels = learnt_labels(y, self.num_classes)
        said = self(self.noised(x, training), training=training)
        right = ops.equal(ops.argmax(said, axis=-1), ops.cast(labels, "int64"))
        return {
            "loss": keras.losses.sparse_categorical_crossentropy(
                labels, said, from_logits=True
            ),
            "accuracy": ops.cast(right, "float32"),
        }

    def fit(self, x=None, y=None, *args, **kwargs):
        check_labels(y, self.num_classes)
        return super().fit(x, y, *args, **kwargs)

    def score(self, noisy, times, labels):
        """The gradient of `log p(label | noisy)`: float32, as `noisy`.

        Args:
            noisy: float tensor `(batch, ...)`.
            times: tensor `(batch,)`, or one for all.
            labels: int tensor `(batch,)`.
        """
        labels = ops.cast(labels, "int32")
        times = ops.broadcast_to(times, (ops.shape(noisy)[0],))

        def likelihood(noisy):
            said = self({"noisy": noisy, "times": times}, training=False)
            return -keras.losses.sparse_categorical_crossentropy(
                labels, said, from_logits=True
            )

        return input_gradients(likelihood, noisy)[1]

    def guide(self, denoise, labels, scale=1.0):
        """A denoiser, guided: for any `DiffusionSampler`.

        Args:
            denoise: callable of `(noisy, time, alpha, sigma)` that estimates
                `(clean, noise)`.
            labels: int tensor `(batch,)`, the classes asked for.
            scale: float, or tensor that broadcasts. 0 changes nothing.

        Returns:
            A callable like `denoise`.
        """

        def guided(noisy, time, alpha, sigma):
            clean, noise = denoise(noisy, time, alpha, sigma)
            pull = scale * ops.cast(
                self.score(noisy, time, labels), noisy.dtype
            )
            # Noise alone shows no class: there it pulls nowhere.
            away = ops.divide_no_nan(sigma * sigma, alpha)
            return (
                clean + away * pull,
                noise - ops.where(alpha > 0, sigma, 0 * sigma) * pull,
            )

        return guided

    def check_guides(self, model):
        """Raises unless a diffusion model's pictures and noise are its own."""
        serialize = keras.saving.serialize_keras_object
        if serialize(self.schedule) != serialize(model.schedule):
            raise ValueError(
                "A classifier guides a model of the same schedule. Received: "
                f"{type(self.schedule).__name__} "
                f"{self.schedule.get_config()} and "
                f"{type(model.schedule).__name__} "
                f"{model.schedule.get_config()}"
            )
        shape = tuple(self.network.input["noisy"].shape[1:])
        if shape != model.code_shape:
            raise ValueError(
                "A classifier guides a model of pictures of the same shape. "
                f"Received: {shape} and {model.code_shape}"
            )

    def default_optimizer(self):
        """What an application compiles the model with."""
        return keras.optimizers.Adam(1e-3)

    def get_config(self):
        serialize = keras.saving.serialize_keras_object
        return {
            **super().get_config(),
            "network": serialize(self.network),
            "schedule": serialize(self.schedule),
        }

    @classmethod
    def from_config(cls, config):
        config = dict(config)
        for name in ("network", "schedule"):
            config[name] = keras.saving.deserialize_keras_object(config[name])
        return cls(**config)

import keras
from keras import ops

from keras_nn.models.asked import asked_labels
from keras_nn.models.asked import check_labels
from keras_nn.models.asked import dict_input
from keras_nn.models.asked import learnt_labels
from keras_nn.models.diffusion.ddim_sampler import DDIMSampler
from keras_nn.models.diffusion.guided_sampling import Generator
from keras_nn.models.diffusion.noise_levels import NoiseLevels
from keras_nn.models.diffusion.prediction import Prediction
from keras_nn.training import Model


@keras.saving.register_keras_serializable(package="keras_nn")
class DiffusionModel(Model):
    """Learns to denoise at every level, then draws pictures out of noise.

    `loss = E[w_t * mean((network(noisy_t, t, label) - target_t)**2)]`,
    `noisy_t = alpha_t * picture + sigma_t * noise`

    `fit(pictures)`, or `fit(pictures, labels)` with classes; pictures of a
    range about 0, such as -1 to 1. No loss is compiled. `evaluate` takes the
    same levels and the same noise each time, so epochs compare.

    Compile an optimiser with `use_ema=True` to draw with averaged weights:
    Keras puts them in place when `fit` ends.

    Args:
        denoiser: functional `keras.Model` of a dict with `noisy`, `times`
            and, with classes, `labels`; such as `DenoisingUNet`.
        schedule: `NoiseSchedule`.
        prediction: str. What the denoiser says, see `Prediction`. Defaults to
            `"v"`.
        num_classes: int or None. Number of classes that pictures are asked
            by.
        label_dropout: float. Share of labels hidden in training, from which
            the model learns to draw any class. Defaults to 0.1.
        min_snr: float or None. If given, `w_t` is that of the error of the
            picture times `min((alpha_t / sigma_t)**2, min_snr)`; 5 is usual.
            None means `w_t = 1`.
        clip: float or None. Range of the pictures, `[-clip, clip]`, which
            `generate` keeps its estimates in.
        **kwargs: `name`, `trainable`, `dtype`.

    Call arguments:
        inputs: the denoiser's dict; or pictures, which are taken for noisy
            ones of the lowest level, of any class.

    Returns:
        What the denoiser says, of the shape of the pictures.

    Raises:
        ValueError: If the schedule ends in noise alone and the prediction is
            `"epsilon"`, or `min_snr` is given: nothing would be learnt there.

    Example:

    >>> import numpy as np
    >>> from keras_nn.models import DenoisingUNet
    >>> from keras_nn.schedules import CosineNoise
    >>> network = DenoisingUNet((4, 4, 1), filters=[4], embedding_units=4)
    >>> model = DiffusionModel(network, CosineNoise(), clip=1.0)
    >>> model.compile("adam")
    >>> history = model.fit(np.zeros((8, 4, 4, 1)), verbose=0)
    >>> model.generate(3, steps=2, seed=0).shape
    (3, 4, 4, 1)

    Reference:
        [Ho et al., 2020](https://arxiv.org/abs/2006.11239);
        [Hang et al., 2023](https://arxiv.org/abs/2303.09556) (min-SNR);
        [Ho and Salimans, 2022](https://arxiv.org/abs/2207.12598) (guidance)
    """

    picture_range = (-1.0, 1.0)
    generation_options = ("guidance", "sampler", "steps")

    def __init__(
        self,
        denoiser,
        schedule,
        prediction="v",
        num_classes=None,
        label_dropout=0.1,
        min_snr=None,
        clip=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        names = {"noisy", "times", *(["labels"] if num_classes else [])}
        if not dict_input(denoiser, names):
            raise ValueError(
                "`denoiser` must be a functional model of a dict of "
                f"{sorted(names)}. Received: {denoiser} and {num_classes=}"
            )
        if not 0 <= label_dropout < 1:
            raise ValueError(
                f"`label_dropout` must be in [0, 1). Received: {label_dropout=}"
            )
        self.denoiser = denoiser
        self.schedule = schedule
        self.prediction = prediction
        self.num_classes = num_classes
        self.label_dropout = label_dropout
        self.min_snr = min_snr
        self.clip = clip
        self.picture_shape = tuple(denoiser.input["noisy"].shape[1:])
        self.levels = NoiseLevels(schedule, Prediction(prediction), min_snr)
        self.seed_generator = keras.random.SeedGenerator()
        self.generator = Generator(self)
        self.built = True

    def call(self, inputs, training=None):
        if not isinstance(inputs, dict):
            zeros = ops.zeros_like(
                ops.reshape(inputs, (ops.shape(inputs)[0], -1))
            )
            inputs = {"noisy": inputs, "times": zeros[:, 0]}
            if self.num_classes:
                any_class = ops.cast(zeros[:, 0], "int32") + self.num_classes
                inputs["labels"] = any_class
        return self.denoiser(inputs, training=training)

    def compute_output_shape(self, input_shape):
        if isinstance(input_shape, dict):
            return input_shape["noisy"]
        return input_shape

    def noised(self, pictures, labels=None, training=True):
        """What a step of training is about.

        Args:
            pictures: float tensor `(batch, ...)`.
            labels: int tensor `(batch,)`, with classes.
            training: bool. False: the same levels and noise each time.

        Returns:
            `(inputs, target, weight)`: the denoiser's dict, what it should
            say, and a weight for each picture.
        """
        pictures = ops.cast(pictures, "float32")
        batch = ops.shape(pictures)[0]
        seed = self.seed_generator if training else 0
        noise = keras.random.normal(
            ops.shape(pictures), dtype="float32", seed=seed
        )
        if training:
            index = keras.random.randint(
                (batch,), 0, self.schedule.steps, seed=seed
            )
        else:  # as even as can be, however many there are
            share = ops.mod(0.618034 * ops.arange(batch, dtype="float32"), 1.0)
            index = ops.cast(share * self.schedule.steps, "int32")
        noisy, times, target, weight = self.levels.noised(
            pictures, noise, index
        )
        inputs = {"noisy": noisy, "times": times}
        if self.num_classes:
            hidden = self.label_dropout if training else 0.0
            inputs["labels"] = learnt_labels(
                labels, self.num_classes, hidden, seed
            )
        return inputs, target, weight

    def train_step(self, data):
        return super().train_step(self.noised_batch(data, training=True))

    def test_step(self, data):
        return super().test_step(self.noised_batch(data, training=False))

    def noised_batch(self, data, training):
        """A batch of `fit` as `(inputs, target, weights)`, for Keras's step."""
        x, y, weights = keras.utils.unpack_x_y_sample_weight(data)
        inputs, target, weight = self.noised(x, y, training)
        if weights is not None:
            weight = weight * ops.cast(ops.reshape(weights, (-1,)), "float32")
        return inputs, target, weight

    def compute_loss(
        self, x, y, y_pred, sample_weight=None, training=True, **kwargs
    ):
        error = ops.square(ops.cast(y_pred, "float32") - y)
        error = ops.mean(error, axis=list(range(1, len(error.shape))))
        loss = ops.mean(error * sample_weight)
        return sum(self.losses, loss)

    def fit(self, x=None, y=None, *args, **kwargs):
        check_labels(y, self.num_classes)
        return super().fit(x, y, *args, **kwargs)

    def generate(
        self,
        count,
        labels=None,
        guidance=1.0,
        sampler=None,
        steps=50,
        seed=None,
    ):
        """Draws pictures, all steps in one compiled loop.

        Args:
            count: int. How many.
            labels: int, or ints `(count,)`: the classes asked for. None means
                any.
            guidance: float. How much more than the label asks:
                `any + guidance * (asked - any)`. Defaults to 1.
            sampler: `DiffusionSampler`. Defaults to `DDIMSampler`, clipped as
                the model is.
            steps: int. Steps of the sampler. Defaults to 50.
            seed: int or None. The same seed gives the same pictures.

        Returns:
            Float32 array `(count, ...)`.

        Raises:
            ValueError: On labels that are no classes, or on guidance without
                a label to be guided by.
        """
        labels = asked_labels(count, labels, self.num_classes)
        if labels is None and guidance != 1:
            raise ValueError(
                "`guidance` needs `labels`, and a model with classes. "
                f"Received: {guidance=}, labels=None"
            )
        sampler = sampler or DDIMSampler(clip=self.clip)
        return self.generator(count, labels, guidance, sampler, steps, seed)

    def default_optimizer(self):
        """What an application compiles the model with."""
        return keras.optimizers.Adam(1e-3, use_ema=True, ema_momentum=0.99)

    def get_config(self):
        serialize = keras.saving.serialize_keras_object
        return {
            **super().get_config(),
            "denoiser": serialize(self.denoiser),
            "schedule": serialize(self.schedule),
            "prediction": self.prediction,
            "num_classes": self.num_classes,
            "label_dropout": self.label_dropout,
            "min_snr": self.min_snr,
            "clip": self.clip,
        }

    @classmethod
    def from_config(cls, config):
        config = dict(config)
        for name in ("denoiser", "schedule"):
            config[name] = keras.saving.deserialize_keras_object(config[name])
        return cls(**config)

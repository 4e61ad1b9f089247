import keras
from keras import ops

from keras_nn.models.asked import asked_labels
from keras_nn.models.asked import check_labels
from keras_nn.models.asked import check_range
from keras_nn.models.asked import learnt_labels
from keras_nn.models.diffusion.denoiser_inputs import as_denoiser_inputs
from keras_nn.models.diffusion.denoiser_inputs import check_denoiser
from keras_nn.models.diffusion.guidance import Guidance
from keras_nn.models.diffusion.guided_sampling import Generator
from keras_nn.models.diffusion.noise_levels import NoiseLevels
from keras_nn.models.diffusion.prediction import as_prediction
from keras_nn.models.diffusion.sampler_names import as_sampler
from keras_nn.training import Model
from keras_nn.training.divergence import ADVICE


class NoiseLearner(Model):
    """What models share that learn to denoise, and draw. Abstract.

    A subclass may learn and draw something else than what it is given: codes
    of pictures, say. It then has

    - `encoded(pictures)`: what is noised, float32;
    - `decoded(codes)`: what is drawn, in the same compiled loop;
    - `stated_range`: pair of numbers that arrays for `fit` are held to, or
      None.

    The arguments are those of `DiffusionModel`.

    Attributes:
        code_shape: tuple, the shape of what is noised.
        generator: `Generator`, which draws.

    Example:

    >>> from keras_nn.models import DiffusionModel
    >>> issubclass(DiffusionModel, NoiseLearner)
    True
    """

    divergence_advice = ADVICE
    generation_options = (
        "guidance",
        "sampler",
        "steps",
        "guidance_rescale",
        "classifier",
        "classifier_scale",
        "moments",
    )

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
        check_denoiser(denoiser, num_classes, label_dropout)
        self.denoiser = denoiser
        self.schedule = schedule
        self.prediction = prediction
        self.num_classes = num_classes
        self.label_dropout = label_dropout
        self.min_snr = min_snr
        self.clip = clip
        self.code_shape = tuple(denoiser.input["noisy"].shape[1:])
        self.levels = NoiseLevels(
            schedule, as_prediction(prediction, schedule), min_snr
        )
        self.seed_generator = keras.random.SeedGenerator()
        self.generator = Generator(self)
        self.built = True

    def call(self, inputs, training=None):
        inputs = as_denoiser_inputs(inputs, self.num_classes)
        return self.denoiser(inputs, training=training)

    def compute_output_shape(self, input_shape):
        if isinstance(input_shape, dict):
            return input_shape["noisy"]
        return input_shape

    def encoded(self, pictures):
        """What is noised, of pictures."""
        return pictures

    def decoded(self, codes):
        """Pictures, of what is drawn."""
        return codes

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
        pictures = self.encoded(ops.cast(pictures, "float32"))
        seed = self.seed_generator if training else None
        noise, index = self.levels.drawn(pictures, seed)
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

    @property
    def stated_range(self):
        """Pair of numbers, the values that `fit` takes; None: any."""
        return None

    def check_data(self, x, y):
        """Raise for arrays of no classes, or outside the stated range."""
        check_labels(y, self.num_classes)
        if self.stated_range is not None:
            check_range(x, *self.stated_range)

    def fit(self, x=None, y=None, *args, **kwargs):
        self.check_data(x, y)
        return super().fit(x, y, *args, **kwargs)

    def generate(
        self,
        count,
        labels=None,
        guidance=1.0,
        sampler=None,
        steps=50,
        seed=None,
        guidance_rescale=0.0,
        classifier=None,
        classifier_scale=1.0,
        moments=None,
    ):
        """Draws pictures, all steps in one compiled loop.

        Args:
            count: int. How many.
            labels: int, or ints `(count,)`: the classes asked for. None means
                any.
            guidance: float. How much more than the label asks:
                `any + guidance * (asked - any)`. Defaults to 1.
            sampler: `DiffusionSampler`, or the name of one, clipped as the
                model is: `"ddim"`, `"ddpm"`, `"dpm-solver++"`, `"euler"`,
                `"euler-ancestral"`, `"heun"`, `"unipc"`. Defaults to
                `"ddim"`.
            steps: int. Steps of the sampler. Defaults to 50.
            seed: int or None. The same seed gives the same pictures.
            guidance_rescale: float in [0, 1]. See `Guidance`. Defaults to 0.
            classifier: `NoisyClassifier` or None. Its gradient pulls toward
                the labels; a model without classes can be asked so, too.
            classifier_scale: float. How strongly. Defaults to 1.
            moments: int or None. If given, so many pictures of the way of
                each are returned, at equal distances in steps, from the noise
                to the picture.

        Returns:
            Float32 array `(count, ...)`; with `moments`, `(count, moments,
            ...)`.

        Raises:
            ValueError: On labels that are no classes, on guidance without a
                label to be guided by, on an unknown sampler.
        """
        guidance = Guidance(
            guidance, guidance_rescale, classifier, classifier_scale
        )
        labels = self.asked(count, labels, guidance)
        sampler = as_sampler(sampler, self.clip)
        return self.generator(
            count, labels, guidance, sampler, steps, seed, moments=moments
        )

    def asked(self, count, labels, guidance):
        """Labels that a request holds: ints `(count,)`, or None.

        Raises:
            ValueError: If they do not fit the model, or guidance has none.
        """
        classes = self.num_classes
        if guidance.classifier is not None:
            guidance.classifier.check_guides(self)
            classes = classes or guidance.classifier.num_classes
        labels = asked_labels(count, labels, classes)
        if guidance.scale != 1 and not (
            self.num_classes and labels is not None
        ):
            raise ValueError(
                "`guidance` needs `labels`, and a model with classes. "
                f"Received: guidance={guidance.scale}, {labels=}"
            )
        if guidance.classifier is not None and labels is None:
            raise ValueError(
                "A `classifier` guides toward `labels`. Received: labels=None"
            )
        return labels

    def default_optimizer(self):
        """What an application compiles the model with."""
        return keras.optimizers.Adam(1e-3, use_ema=True, ema_momentum=0.99)

    def get_config(self):
        serialize = keras.saving.serialize_keras_object
        return {
            **super().get_config(),
            "denoiser": serialize(self.denoiser),
            "schedule": serialize(self.schedule),
            "prediction": self._prediction_config(),
            "num_classes": self.num_classes,
            "label_dropout": self.label_dropout,
            "min_snr": self.min_snr,
            "clip": self.clip,
        }

    def _prediction_config(self):
        if isinstance(self.prediction, str):
            return self.prediction
        return keras.saving.serialize_keras_object(self.prediction)

    @classmethod
    def from_config(cls, config):
        config = dict(config)
        for name in ("denoiser", "schedule", "prediction"):
            if isinstance(config[name], dict):
                config[name] = keras.saving.deserialize_keras_object(
                    config[name]
                )
        return cls(**config)

import keras
from keras import ops

from keras_nn.models.asked import asked_labels
from keras_nn.models.asked import check_labels
from keras_nn.models.asked import check_range
from keras_nn.models.asked import learnt_labels
from keras_nn.models.asked import seed_or_fresh
from keras_nn.models.asked import stated_range
from keras_nn.models.diffusion.consistency_head import head_of
from keras_nn.models.diffusion.consistency_levels import ConsistencyLevels
from keras_nn.models.diffusion.consistency_levels import check_distance
from keras_nn.models.diffusion.consistency_levels import distances
from keras_nn.models.diffusion.consistency_sampling import ConsistencyGenerator
from keras_nn.models.diffusion.consistency_teacher import FlowOfTeacher
from keras_nn.models.diffusion.consistency_teacher import student_of
from keras_nn.models.diffusion.denoiser_inputs import as_denoiser_inputs
from keras_nn.models.diffusion.denoiser_inputs import check_denoiser
from keras_nn.schedules import EDMNoise
from keras_nn.training import ObjectiveModel
from keras_nn.training.uncompiled_config import uncompiled_config


@keras.saving.register_keras_serializable(package="keras_nn")
class ConsistencyModel(ObjectiveModel):
    """Draws in one step: each point of a way out of noise tells its end.

    `f(y, r) = c_skip * y + c_out * network(c_in * y, r)`,
    `c_skip = d**2 / ((r - e)**2 + d**2)`,
    `c_out = d * (r - e) / sqrt(r**2 + d**2)`,

    with `y = picture + r * noise`, `d = sigma_data` and `e = sigma_min` of the
    schedule, so that `f(y, e) = y`. The loss is the distance of `f(y, r)` from
    what an average of the network says at the level below,
    `f(y_below, r_below)`, where `y_below` is

    - consistency training: `picture + r_below * noise`;
    - consistency distillation: a Heun step along the flow of a `teacher`.

    A network `as_teacher` says what the teacher's does, and `f` is a straight
    step from `r` to `e` along it, see `StepHead`.

    `fit(pictures)`, or `fit(pictures, labels)` with classes; no loss is
    compiled. An optimiser with `use_ema=True` lets it draw with averaged
    weights.

    Args:
        denoiser: functional `keras.Model` as for `DiffusionModel`.
        schedule: `EDMNoise` or None, which means `EDMNoise()`.
        teacher: `DiffusionModel`, trained, or None. It stays as it is, and is
            saved with the student.
        as_teacher: bool. Whether `denoiser` takes and says what the teacher's
            does, in its schedule and prediction. Defaults to False.
        levels: int, or pair of ints: the number of levels at first and after
            `total_steps`. Defaults to 18. A teacher's does not change.
        total_steps: int. Steps in which levels grow. Defaults to 1000.
        momentum: float in [0, 1). What the average keeps of itself, at first;
            0 compares with the network itself. Defaults to 0.9.
        distance: str. `"squared"`, or `"pseudo_huber"`, `sqrt(|x|^2 + c^2) -
            c`, which suffers less from pictures far off. Defaults to
            `"pseudo_huber"`.
        weigh_gaps: bool. Whether a pair counts `1 / (r - r_below)`. Defaults
            to False.
        num_classes: int or None. Number of classes.
        label_dropout: float. Share of labels hidden in training. Defaults to
            0.1.
        clip: float or None. Range of the pictures, `[-clip, clip]`.
        **kwargs: `name`, `trainable`, `dtype`.

    Call arguments:
        inputs: the denoiser's dict; or pictures, which are taken for noisy
            ones of the lowest level, of any class.

    Returns:
        What the denoiser says, of the shape of the pictures.

    Raises:
        ValueError: If arguments do not fit one another; in `fit`, on arrays
            outside `clip`, or of pictures, of 1 or 3 channels, outside -1..1.

    Example:

    >>> import numpy as np
    >>> from keras_nn.models import DenoisingMLP
    >>> network = DenoisingMLP((2,), units=8, depth=1, embedding_units=4)
    >>> model = ConsistencyModel(network, levels=(4, 8), total_steps=10)
    >>> model.compile("adam")
    >>> history = model.fit(np.zeros((8, 2)), verbose=0)
    >>> model.generate(3, steps=2, seed=0).shape
    (3, 2)

    Reference:
        [Song et al., 2023](https://arxiv.org/abs/2303.01469);
        [Song and Dhariwal, 2023](https://arxiv.org/abs/2310.14189)
        (pseudo-Huber, weights of gaps);
        [Kim et al., 2023](https://arxiv.org/abs/2310.02279) (`as_teacher`)
    """

    picture_range = (-1.0, 1.0)
    generation_options = ("steps",)

    def __init__(
        self,
        denoiser,
        schedule=None,
        teacher=None,
        levels=18,
        total_steps=1000,
        momentum=0.9,
        distance="pseudo_huber",
        weigh_gaps=False,
        num_classes=None,
        label_dropout=0.1,
        clip=None,
        as_teacher=False,
        **kwargs,
    ):
        super().__init__(**kwargs)
        check_denoiser(denoiser, num_classes, label_dropout)
        check_distance(distance)
        self.denoiser = denoiser
        self.schedule = schedule
        self.levels = levels
        self.total_steps = total_steps
        self.momentum = momentum
        self.distance = distance
        self.weigh_gaps = weigh_gaps
        self.num_classes = num_classes
        self.label_dropout = label_dropout
        self.clip = clip
        self.noise = schedule if schedule is not None else EDMNoise()
        self.course = ConsistencyLevels(
            self.noise,
            *((levels, levels) if isinstance(levels, int) else levels),
            total_steps,
            momentum,
        )
        self.code_shape = tuple(denoiser.input["noisy"].shape[1:])
        self.teacher = teacher
        self.as_teacher = as_teacher
        self._flow = teacher and FlowOfTeacher(teacher, self)
        self._head = head_of(self.noise, teacher, as_teacher)
        # How far the average lies from each weight: nothing, at first.
        self.lags = [
            self.add_weight(
                shape=weight.shape,
                name=f"lag_{index}",
                initializer="zeros",
                dtype="float32",
                trainable=False,
                aggregation="only_first_replica",
            )
            for index, weight in enumerate(denoiser.trainable_weights)
        ]
        self.seed_generator = keras.random.SeedGenerator()
        self.generator = ConsistencyGenerator(self)
        self.built = True

    @classmethod
    def from_teacher(cls, teacher, **kwargs):
        """A student that begins as its teacher: distillation.

        Args:
            teacher: `DiffusionModel`, whose denoiser is copied. The levels of
                one without `EDMNoise` are those of `EDMNoise()`.
            **kwargs: further arguments."""
        return student_of(cls, teacher, kwargs)

    def average(self):
        """The average that is compared with: a tensor for each weight."""
        weights = self.denoiser.trainable_weights
        return [
            weight.value + lag.value
            for weight, lag in zip(weights, self.lags, strict=True)
        ]

    def call(self, inputs, training=None):
        inputs = as_denoiser_inputs(inputs, self.num_classes)
        return self.denoiser(inputs, training=training)

    def compute_output_shape(self, input_shape):
        if isinstance(input_shape, dict):
            return input_shape["noisy"]
        return input_shape

    def wide(self, values):
        """Numbers `(batch,)` as a tensor that broadcasts with pictures."""
        return ops.reshape(values, (-1, *(1 for _ in self.code_shape)))

    def consistent(
        self, noisy, ratios, labels=None, averaged=False, training=False
    ):
        """The end of the way on which noisy pictures lie: `f(y, r)`.

        Args:
            noisy: float32 tensor `(batch, ...)`, picture and `r` times noise.
            ratios: float32 tensor `(batch,)`.
            labels: int tensor `(batch,)`, with classes.
            averaged: bool. Whether the average is asked.
            training: bool."""

        def ask(seen, times):
            known = {"noisy": seen, "times": times}
            if self.num_classes:
                known["labels"] = labels
            if averaged:
                state = [v.value for v in self.denoiser.non_trainable_variables]
                said, _ = self.denoiser.stateless_call(
                    self.average(), state, known, training=False
                )
            else:
                said = self.denoiser(known, training=training)
            return ops.cast(said, "float32")

        return self._head(noisy, ratios, self.wide, ask)

    def objective(self, x, y, training):
        x = ops.cast(x, "float32")
        seed = self.seed_generator if training else 0
        labels = None
        if self.num_classes:
            hidden = self.label_dropout if training else 0.0
            labels = learnt_labels(y, self.num_classes, hidden, seed)
        step = self.optimizer.iterations if training else self.total_steps
        count = self.course.count(step)
        index, high, low = self.course.pairs(count, ops.shape(x)[0], seed)
        noise = keras.random.normal(
            ops.shape(x), dtype="float32", seed=seed if training else 1
        )
        noisy = x + self.wide(high) * noise
        below = x + self.wide(low) * noise
        if self._flow is not None:
            below = self._flow(noisy, index, labels)
        target = self.consistent(below, low, labels, averaged=True)
        said = self.consistent(noisy, high, labels, training=training)
        loss = distances(said, ops.stop_gradient(target), self.distance)
        if self.weigh_gaps:
            loss = loss / (high - low)
        return {"loss": loss}

    def train_step(self, data):
        kept = self.course.kept(self.course.count(self.optimizer.iterations))
        averages = self.average()
        logs = super().train_step(data)
        weights = self.denoiser.trainable_weights
        for lag, average, weight in zip(
            self.lags, averages, weights, strict=True
        ):
            lag.assign(kept * (average - weight))
        return logs

    def fit(self, x=None, y=None, *args, **kwargs):
        check_labels(y, self.num_classes)
        if (limits := stated_range(self)) is not None:
            check_range(x, *limits)
        return super().fit(x, y, *args, **kwargs)

    def generate(self, count, labels=None, steps=1, seed=None, ratios=None):
        """Draws pictures, all steps in one compiled function.

        Args:
            count: int. How many.
            labels: int, or ints `(count,)`: the classes asked for, or None.
            steps: int. 1 goes from noise to picture; each further step adds
                noise and goes again. Defaults to 1.
            seed: int or None. The same seed gives the same pictures.
            ratios: floats `(steps,)` or None. From which each step goes, by
                default those of Karras.

        Returns:
            Float32 array `(count, ...)`.
        """
        labels = asked_labels(count, labels, self.num_classes)
        if ratios is None:
            _, alphas, sigmas = self.noise.grid(steps + 1)
            ratios = (sigmas / alphas)[:steps]
        return self.generator(count, labels, ratios, seed_or_fresh(seed))

    def default_optimizer(self):
        """What an application compiles the model with."""
        return keras.optimizers.Adam(1e-3, use_ema=True, ema_momentum=0.99)

    def get_config(self):
        serialize = keras.saving.serialize_keras_object
        return {
            **super().get_config(),
            "denoiser": serialize(self.denoiser),
            "schedule": serialize(self.schedule),
            "teacher": uncompiled_config(self.teacher),
            "levels": self.levels,
            "total_steps": self.total_steps,
            "momentum": self.momentum,
            "distance": self.distance,
            "weigh_gaps": self.weigh_gaps,
            "num_classes": self.num_classes,
            "label_dropout": self.label_dropout,
            "clip": self.clip,
            "as_teacher": self.as_teacher,
        }

    @classmethod
    def from_config(cls, config):
        config = dict(config)
        for name in ("denoiser", "schedule", "teacher"):
            config[name] = keras.saving.deserialize_keras_object(config[name])
        return cls(**config)

import dataclasses

import keras
import numpy as np
import tensorflow as tf

from keras_nn.callbacks.picture import figure_to_image
from keras_nn.callbacks.picture import new_figure
from keras_nn.callbacks.writer import Writers


@dataclasses.dataclass(frozen=True)
class LearningRateCurve:
    """The loss that each learning rate of a sweep led to.

    Attributes:
        learning_rates: float array, growing geometrically.
        losses: float array, the loss of each step's batch.
        smoothed: float array, the losses averaged over past steps.
        suggestion: float. Where the smoothed loss falls most steeply.
        upper: float. A tenth of the rate at the smallest smoothed loss.
    """

    learning_rates: np.ndarray
    losses: np.ndarray
    smoothed: np.ndarray
    suggestion: float
    upper: float


class LearningRateFinder:
    """Finds a learning rate by training a few steps with growing ones.

    The rate grows geometrically from `minimum` to `maximum`, one step each,
    and the sweep ends early when the smoothed loss exceeds `stop_factor`
    times its best. Afterwards the model is exactly what it was: weights,
    moving averages, random states and metrics are put back, and the compiled
    optimiser is not touched at all, since the sweep trains with a copy of it.

    Use a rate at or somewhat below `suggestion` for Adam and its like, between
    `suggestion` and `upper` for SGD with momentum and a falling schedule.

    Args:
        log_dir: str or path. Where TensorBoard looks. Defaults to None:
            nothing is written.
        minimum: float. First learning rate. Defaults to 1e-7.
        maximum: float. Last learning rate. Defaults to 10.
        steps: int. Length of the sweep. Defaults to 100.
        smoothing: float in [0, 1). Weight of the past in the moving average.
            Defaults to 0.9.
        stop_factor: float above 1. Defaults to 4.

    Writes to `log_dir/train`, at the step of the sweep:
        `learning_rate_finder/learning_rate`, `learning_rate_finder/loss`,
            `learning_rate_finder/smoothed_loss`: scalars.
        `learning_rate_finder/curve`: picture, at the last step.

    Example:

    >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    >>> model.compile("sgd", "mse")
    >>> x = np.random.default_rng(0).normal(size=(64, 2))
    >>> finder = LearningRateFinder(minimum=1e-4, steps=40)
    >>> curve = finder.find(model, x, x @ [[1.0], [2.0]])
    >>> bool(1e-3 < curve.suggestion < 1)
    True

    Reference:
        [Smith, 2017](https://arxiv.org/abs/1506.01186), section 3.3.
    """

    def __init__(
        self,
        log_dir=None,
        minimum=1e-7,
        maximum=10.0,
        steps=100,
        smoothing=0.9,
        stop_factor=4.0,
    ):
        if not 0 < minimum < maximum:
            raise ValueError(
                "`minimum` must be positive and less than `maximum`. "
                f"Received: {minimum=}, {maximum=}"
            )
        if steps < 5:
            raise ValueError(f"`steps` must be at least 5. Received: {steps=}")
        if not 0 <= smoothing < 1:
            raise ValueError(
                f"`smoothing` must lie in [0, 1). Received: {smoothing=}"
            )
        if stop_factor <= 1:
            raise ValueError(
                f"`stop_factor` must be above 1. Received: {stop_factor=}"
            )
        self.log_dir = log_dir
        self.minimum = minimum
        self.maximum = maximum
        self.steps = steps
        self.smoothing = smoothing
        self.stop_factor = stop_factor

    def find(self, model, x, y=None, batch_size=None):
        """Sweep the learning rate.

        Args:
            model: a built and compiled `keras.Model` with one optimiser.
            x: data as `fit` takes it. A data set is repeated as needed.
            y: targets, where `x` does not bring them.
            batch_size: int. As for `fit`.

        Returns:
            A `LearningRateCurve`.

        Raises:
            ValueError: If the model is not built, not compiled or trains with
                several optimisers, or if fewer than five steps gave a finite
                loss.
        """
        optimizer = getattr(model, "optimizer", None)
        several = len(getattr(model, "all_optimizers", [optimizer])) != 1
        if several or not isinstance(optimizer, keras.optimizers.Optimizer):
            raise ValueError(
                "the model must be compiled with one optimizer. Received: "
                f"{type(model).__name__} with optimizer={optimizer}"
            )
        if not model.built or not model.variables:
            raise ValueError(
                "the model must be built: call it on a batch first. Received: "
                f"{type(model).__name__} without weights"
            )
        weights = [variable.numpy() for variable in model.variables]
        history = getattr(model, "history", None)
        stopped = getattr(model, "stop_training", False)
        sweep = _Sweep(self)
        with model.distribute_strategy.scope():
            model.optimizer = _copy(optimizer, self.minimum)
        model.make_train_function(force=True)
        try:
            self._train(model, x, y, batch_size, sweep)
        finally:
            model.optimizer = optimizer
            model.train_function = None
            model.reset_metrics()
            for variable, value in zip(model.variables, weights, strict=True):
                variable.assign(value)
            model.history = history
            model.stop_training = stopped
        curve = self._judge(sweep)
        if self.log_dir is not None:
            self._write(model, curve)
        return curve

    def _train(self, model, x, y, batch_size, sweep):
        if isinstance(x, tf.data.Dataset):
            x = x.repeat()
            arguments = {"steps_per_epoch": self.steps}
        else:
            arguments = {"batch_size": batch_size, "epochs": self.steps}
        model.fit(x, y, verbose=0, callbacks=[sweep], **arguments)

    def rate(self, step):
        """The learning rate of a step of the sweep, counted from 0."""
        share = step / (self.steps - 1)
        return self.minimum * (self.maximum / self.minimum) ** share

    def _judge(self, sweep):
        losses = np.array(sweep.losses)
        if len(losses) < 5:
            raise ValueError(
                "a sweep needs five steps of finite loss; start with a smaller "
                f"`minimum`. Received: minimum={self.minimum}, losses={losses}"
            )
        rates = np.array([self.rate(step) for step in range(len(losses))])
        smoothed = np.array(sweep.smoothed)
        lowest = int(smoothed.argmin())
        # Behind the lowest point the loss only explodes.
        slopes = np.gradient(smoothed, np.log(rates))[: max(lowest, 2)]
        return LearningRateCurve(
            rates,
            losses,
            smoothed,
            suggestion=float(rates[int(slopes.argmin())]),
            upper=float(rates[lowest] / 10),
        )

    def _write(self, model, curve):
        figure = new_figure()
        axes = figure.subplots()
        axes.plot(curve.learning_rates, curve.losses, alpha=0.3, label="loss")
        axes.plot(curve.learning_rates, curve.smoothed, label="smoothed")
        for name in ("suggestion", "upper"):
            rate = getattr(curve, name)
            style = "--" if name == "suggestion" else ":"
            label = f"{name} {rate:.2g}"
            axes.axvline(rate, linestyle=style, color="black", label=label)
        axes.set(xscale="log", xlabel="learning rate", ylabel="loss")
        axes.legend()
        writers = Writers(self.log_dir)
        writers.open(model.distribute_strategy)
        values = {
            "learning_rate": curve.learning_rates,
            "loss": curve.losses,
            "smoothed_loss": curve.smoothed,
        }
        last = len(curve.losses) - 1
        for step in range(last + 1):
            with writers.at(step):
                for name, column in values.items():
                    tag = f"learning_rate_finder/{name}"
                    tf.summary.scalar(tag, column[step])
        with writers.at(last):
            tf.summary.image(
                "learning_rate_finder/curve", figure_to_image(figure)
            )
        writers.close()


class _Sweep(keras.callbacks.Callback):
    """Sets the rate before each step and keeps the loss after it."""

    def __init__(self, finder):
        super().__init__()
        self.finder = finder
        self.losses = []
        self.smoothed = []
        self._average = 0.0

    def on_train_batch_begin(self, batch, logs=None):
        self.model.reset_metrics()  # so that the logs tell this batch's loss
        self.model.optimizer.learning_rate = self.finder.rate(len(self.losses))

    def on_train_batch_end(self, batch, logs=None):
        loss = float(logs["loss"])
        if not np.isfinite(loss):
            self.model.stop_training = True
            return
        self.losses.append(loss)
        past = self.finder.smoothing
        self._average = past * self._average + (1 - past) * loss
        self.smoothed.append(self._average / (1 - past ** len(self.losses)))
        limit = self.finder.stop_factor * min(self.smoothed)
        done = len(self.losses) >= self.finder.steps
        if done or (len(self.losses) > 5 and self.smoothed[-1] > limit > 0):
            self.model.stop_training = True


def _copy(optimizer, learning_rate):
    """A fresh optimiser of the same settings, with a settable rate."""
    config = keras.optimizers.serialize(optimizer)
    settings = config["config"]
    if isinstance(optimizer, keras.optimizers.LossScaleOptimizer):
        settings = settings["inner_optimizer"]["config"]
    settings["learning_rate"] = learning_rate
    return keras.optimizers.deserialize(config)

import contextlib
import functools

import keras
import tensorflow as tf

from keras_nn.training import accumulation
from keras_nn.training import batch_norm_kernel
from keras_nn.training import guarded_data
from keras_nn.training import guards
from keras_nn.training import keras_hooks
from keras_nn.training import keras_internals
from keras_nn.training import refusals
from keras_nn.training import replicas
from keras_nn.training import scoped_step
from keras_nn.training import sparse_product_kernel
from keras_nn.training.divergence import check_converged
from keras_nn.training.frozen import settle_frozen
from keras_nn.training.pipeline import GuardedAdapter
from keras_nn.training.pipeline import InputWait
from keras_nn.training.position import looked_at
from keras_nn.training.session import FitSession
from keras_nn.training.session import in_turn

keras_hooks.install()
batch_norm_kernel.install()
sparse_product_kernel.install()


@keras.saving.register_keras_serializable(package="keras_nn")
class Model(keras.Model):
    """A `keras.Model` whose step on N replicas equals the step of one.

    `compute_loss` and `train_step` are overridden as if there were one
    device: a loss is a mean over the examples at hand, whether it comes from
    a `keras.losses.Loss`, from `add_loss` or from a plain `ops.mean`. With `n`
    of the `N` examples of a batch on replica `r`, the engine applies

    `gradient = sum_r (n_r / N) * gradient_r`

    before clipping and before the finiteness test of half precision, and
    reports the true mean loss. Data is guarded: labels and ids out of range,
    values that are not finite and empty data raise a ValueError, under XLA
    too.

    An optimiser with `gradient_accumulation_steps=N` makes the updates that
    batches N times larger would make, on one replica or several. A step of
    `fit` (its progress bar, callbacks, TensorBoard) is then an update; the
    last one of an epoch takes the batches that are left, `iterations` and
    schedules count updates, `steps_per_epoch` counts batches. What looks
    across a batch still sees the small ones: batch normalisation, losses
    that contrast examples.

    `steps_per_execution`, weight averages (`use_ema`) and every clipping do on
    replicas what they do on one. XLA (`jit_compile`) is refused there, and
    what cannot be compiled is refused on a TPU, where it must be; no TPU was
    available to run on.

    Attributes:
        guards: bool. Whether `fit`, `evaluate` and `predict` look at the
            data. Set it to False for data with intended NaNs.
        gradient_observers: list of callables `observer(variables,
            gradients)`, called while the step is traced, with the unscaled
            gradients of the whole update before clipping. Attach them before
            `fit`, then call `make_train_function(force=True)`.
        divergence_advice: str or None. What may help where a loss of `fit` is
            not a number, which then raises a ValueError, unless such updates
            are skipped or a callback with `names_divergence = True` is given,
            which has said so. None, as in Keras: the logs hold it, no more.
            Models that know their objective say it.
        skip_nonfinite_updates: bool. Leave every weight as it is in a step
            whose gradient is not finite. Set before `fit`.
        nonfinite_steps: `tf.Variable` or None. How many steps were skipped.
        fit_session: `FitSession` or None. What `fit` is about, while it runs.
        input_wait: `InputWait` or None. Made when a callback with
            `measures_input_wait = True` is given to `fit`.

    Example:

    >>> import keras, numpy as np
    >>> from keras_nn.training import Model
    >>> class MeanModel(Model):
    ...     def compute_loss(self, x, y, y_pred, sample_weight=None,
    ...                      training=True):
    ...         return keras.ops.mean((y - y_pred) ** 2)
    >>> inputs = keras.Input((3,))
    >>> model = MeanModel(inputs, keras.layers.Dense(1)(inputs))
    >>> model.compile("sgd")
    >>> history = model.fit(np.ones((4, 3)), np.ones((4, 1)), verbose=0)
    """

    guards = True
    divergence_advice = None
    skip_nonfinite_updates = False

    def __init__(self, *args, **kwargs):
        keras_internals.become_functional(self, args, kwargs)
        super().__init__(*args, **kwargs)
        self.gradient_observers = []
        self.nonfinite_steps = None
        self.input_wait = None
        self.fit_session = None

    @property
    def all_optimizers(self):
        """List of every optimiser that the model trains with."""
        optimizer = getattr(self, "optimizer", None)  # not there uncompiled
        return [] if optimizer is None else [optimizer]

    @property
    def loss_trackers(self):
        """List of the `keras.metrics.Mean`s behind the losses of the logs."""
        tracker = getattr(self, "_loss_tracker", None)
        return [] if tracker is None else [tracker]

    def minimize(self, loss, tape, variables=None, optimizer=None):
        """One update of `variables`, right in half precision and on replicas.

        For custom `train_step`s; call it inside or outside the tape.

        Args:
            loss: scalar tensor, the mean over the examples at hand.
            tape: the `tf.GradientTape` that recorded it.
            variables: list of variables. Defaults to `trainable_weights`.
            optimizer: Defaults to the compiled one.
        """
        optimizer = optimizer or self.optimizer
        variables = (
            self.trainable_weights if variables is None else list(variables)
        )
        scale = optimizer.scale_loss(tf.ones_like(loss))
        gradients = tape.gradient(loss, variables, output_gradients=scale)
        optimizer.apply_gradients(zip(gradients, variables, strict=True))

    def track_loss(self, loss, tracker=None):
        """Adds the loss of a custom step to the mean that `fit` reports.

        Args:
            loss: scalar tensor, the mean over the examples at hand.
            tracker: `keras.metrics.Mean`. Defaults to the one behind `loss`.
        """
        step = replicas.current_step()
        tracker = tracker or self._loss_tracker
        tracker.update_state(step.of_examples(loss), step.examples)

    def accumulate(self, steps):
        """Lets every optimiser make one update out of `steps` batches.

        The same as `gradient_accumulation_steps` of each. Call it after
        `compile` and before anything is trained.

        Args:
            steps: int. At least 1.

        Raises:
            ValueError: if an optimiser has its state already.
        """
        for optimizer in self.all_optimizers:
            accumulation.set_steps(optimizer, steps)
        self.train_function = None

    def turns(self):
        """Pairs `(name, step)`: what is played, in order, on each batch.

        Each step takes a batch and returns logs. Where gradients accumulate,
        a turn has its update before the next begins.
        """
        return [("train", self.train_step)]

    def make_train_function(self, force=False):
        if self.train_function is not None and not force:
            return self.train_function
        self.train_function = accumulation.make_train_function(self)

    def make_test_function(self, force=False):
        if self.test_function is not None and not force:
            return self.test_function
        self.test_function = keras_internals.make_step_function(
            self, functools.partial(scoped_step.test, self)
        )

    def fit(
        self,
        x=None,
        y=None,
        batch_size=None,
        epochs=1,
        verbose="auto",
        callbacks=None,
        validation_split=0.0,
        validation_data=None,
        shuffle=True,
        class_weight=None,
        sample_weight=None,
        initial_epoch=0,
        steps_per_epoch=None,
        validation_steps=None,
        validation_batch_size=None,
        validation_freq=1,
    ):
        instruments = list(getattr(callbacks, "callbacks", callbacks) or [])
        wait = any(
            getattr(c, "measures_input_wait", False) for c in instruments
        )
        self.input_wait = InputWait() if wait else None
        with (
            self._in_session(instruments, initial_epoch) as session,
            guards.translated_errors(),
        ):
            self._assert_compile_called("fit")
            settle_frozen(self)
            refusals.check(self, steps_per_epoch)
            session.prepare()
            if validation_split and validation_data is None:
                (x, y, sample_weight), validation_data = (
                    keras_internals.train_validation_split(
                        (x, y, sample_weight), validation_split=validation_split
                    )
                )
            steps = accumulation.steps_of(self)
            data = guarded_data.adapt(
                self,
                x,
                y,
                sample_weight,
                batch_size=batch_size,
                steps_per_epoch=steps_per_epoch,
                shuffle=shuffle,
                class_weight=class_weight,
                wait=self.input_wait,
                batches_per_step=steps,
                position=session.position,
            )
            session.data = data
            steps_per_epoch = steps_per_epoch and steps_per_epoch // steps
            if validation_data is not None:
                validation_data = guarded_data.adapt(
                    self,
                    *keras.utils.unpack_x_y_sample_weight(validation_data),
                    batch_size=validation_batch_size or batch_size,
                    steps_per_epoch=validation_steps,
                )
            history = super().fit(
                data,
                epochs=epochs,
                verbose=verbose,
                callbacks=in_turn(
                    callbacks,
                    self,
                    verbose,
                    epochs,
                    steps_per_epoch or data.num_batches,
                ),
                validation_data=validation_data,
                shuffle=False,
                initial_epoch=session.initial_epoch,
                steps_per_epoch=steps_per_epoch,
                validation_steps=validation_steps,
                validation_freq=validation_freq,
            )
        if epochs > session.initial_epoch and not (
            session.has_trained or session.is_resumed
        ):
            raise ValueError(
                guarded_data.EMPTY.format("a data set without a batch")
            )
        named = self.skip_nonfinite_updates or any(
            getattr(c, "names_divergence", False) for c in instruments
        )
        if self.divergence_advice is not None and not named:
            check_converged(history, self)
        return history

    def evaluate(
        self,
        x=None,
        y=None,
        batch_size=None,
        verbose="auto",
        sample_weight=None,
        steps=None,
        callbacks=None,
        return_dict=False,
        **kwargs,
    ):
        self._assert_compile_called("evaluate")
        with guards.translated_errors():
            if not isinstance(x, GuardedAdapter):
                refusals.check(self)
                x = guarded_data.adapt(
                    self,
                    x,
                    y,
                    sample_weight,
                    batch_size=batch_size,
                    steps_per_epoch=steps,
                )
            return super().evaluate(
                x,
                verbose=verbose,
                steps=steps,
                callbacks=callbacks,
                return_dict=return_dict,
                **kwargs,
            )

    def predict(
        self, x, batch_size=None, verbose="auto", steps=None, callbacks=None
    ):
        with guards.translated_errors():
            data = guarded_data.adapt(
                self,
                x,
                batch_size=batch_size,
                steps_per_epoch=steps,
                inputs_only=True,
            )
            return super().predict(
                data, verbose=verbose, steps=steps, callbacks=callbacks
            )

    def train_on_batch(self, *args, **kwargs):
        refusals.check_single_batch(self)
        return super().train_on_batch(*args, **kwargs)

    def _maybe_symbolic_build(self, iterator=None, data_batch=None):
        strategy = self.distribute_strategy
        with looked_at(iterator):
            if iterator is None or replicas.num_replicas(strategy) == 1:
                super()._maybe_symbolic_build(iterator, data_batch)
            else:
                keras_internals.build_on_replicas(self, iterator)
        if self.fit_session is not None:
            self._build_optimizers()

    def _build_optimizers(self):
        # A step that makes variables is traced a second time without them.
        weights = self.trainable_weights if self.built else []
        with self.distribute_strategy.scope():
            for optimizer in self.all_optimizers if weights else ():
                if not optimizer.built:
                    optimizer.build(weights)

    def _get_metrics_result_or_logs(self, logs):
        # A run that goes on behind the last step of an epoch has no logs.
        return super()._get_metrics_result_or_logs(
            logs or self.get_metrics_result()
        )

    @contextlib.contextmanager
    def _in_session(self, callbacks, initial_epoch):
        """Callbacks with an `on_train_error` hear of a run that fails."""
        self.fit_session = FitSession(self, callbacks, initial_epoch)
        try:
            yield self.fit_session
        except BaseException as error:
            for callback in callbacks if self.fit_session.has_begun else ():
                if hasattr(callback, "on_train_error"):
                    callback.on_train_error(error)
            raise
        finally:
            self.fit_session = None

import functools

import keras
import numpy as np
import tensorflow as tf

from keras_nn.training import guards
from keras_nn.training import keras_internals
from keras_nn.training import refusals
from keras_nn.training import replicas
from keras_nn.training.pipeline import GuardedAdapter
from keras_nn.training.pipeline import InputWait

keras_internals.install()


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

    Attributes:
        guards: bool. Whether `fit`, `evaluate` and `predict` look at the
            data. Set it to False for data with intended NaNs.
        gradient_observers: list of callables `observer(variables,
            gradients)`, called while the step is traced, with the unscaled
            gradients of the whole batch before clipping. Attach them before
            `fit`, then call `make_train_function(force=True)`.
        skip_nonfinite_updates: bool. Leave every weight as it is in a step
            whose gradient is not finite. Set before `fit`.
        nonfinite_steps: `tf.Variable` or None. How many steps were skipped.
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
    skip_nonfinite_updates = False

    def __init__(self, *args, **kwargs):
        keras_internals.become_functional(self, args, kwargs)
        super().__init__(*args, **kwargs)
        self.gradient_observers = []
        self.nonfinite_steps = None
        self.input_wait = None
        self._batches_seen = 0

    @property
    def all_optimizers(self):
        """List of every optimiser that the model trains with."""
        return [] if self.optimizer is None else [self.optimizer]

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

    def make_train_function(self, force=False):
        if self.train_function is not None and not force:
            return self.train_function
        if replicas.num_replicas(self.distribute_strategy) > 1:
            _synchronize_batch_normalization(self)
        if self.skip_nonfinite_updates and self.nonfinite_steps is None:
            with self.distribute_strategy.scope():
                self.nonfinite_steps = tf.Variable(
                    0,
                    dtype="int64",
                    trainable=False,
                    aggregation=tf.VariableAggregation.ONLY_FIRST_REPLICA,
                )
        step = keras_internals.make_step_function(self, self._scoped_train_step)

        def train_function(iterator):
            logs = step(iterator)
            self._batches_seen += 1
            return logs

        self.train_function = train_function

    def make_test_function(self, force=False):
        if self.test_function is not None and not force:
            return self.test_function
        self.test_function = keras_internals.make_step_function(
            self, self._scoped_test_step
        )

    def _scoped_train_step(self, data):
        step = replicas.Step(
            data, tuple(self.gradient_observers), self.skip_nonfinite_updates
        )
        with replicas.enter(step):
            if not self.skip_nonfinite_updates:
                return self.train_step(data)
            # Batch statistics move in the forward pass, before anyone knows
            # whether the gradient is finite.
            states = [
                weight
                for weight in self.non_trainable_weights
                if keras.backend.is_float_dtype(weight.dtype)
            ]
            before = [tf.identity(weight.value) for weight in states]
            logs = self.train_step(data)
            if step.finite is not None:
                for weight, old in zip(states, before, strict=True):
                    weight.assign(tf.where(step.finite, weight.value, old))
                self.nonfinite_steps.assign_add(
                    tf.cast(tf.logical_not(step.finite), "int64")
                )
            return logs

    def _scoped_test_step(self, data):
        with replicas.enter(replicas.Step(data)):
            return self.test_step(data)

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
        self._assert_compile_called("fit")
        refusals.check(self)
        if validation_split and validation_data is None:
            (x, y, sample_weight), validation_data = (
                keras_internals.train_validation_split(
                    (x, y, sample_weight), validation_split=validation_split
                )
            )
        instruments = list(getattr(callbacks, "callbacks", callbacks) or [])
        wait = any(
            getattr(c, "measures_input_wait", False) for c in instruments
        )
        self.input_wait = InputWait() if wait else None
        self._batches_seen = 0
        try:
            with guards.translated_errors():
                data = self._guarded(
                    x,
                    y,
                    sample_weight,
                    batch_size=batch_size,
                    steps_per_epoch=steps_per_epoch,
                    shuffle=shuffle,
                    class_weight=class_weight,
                    wait=self.input_wait,
                )
                if validation_data is not None:
                    validation_data = self._guarded(
                        *keras.utils.unpack_x_y_sample_weight(validation_data),
                        batch_size=validation_batch_size or batch_size,
                        steps_per_epoch=validation_steps,
                    )
                history = super().fit(
                    data,
                    epochs=epochs,
                    verbose=verbose,
                    callbacks=callbacks,
                    validation_data=validation_data,
                    shuffle=False,
                    initial_epoch=initial_epoch,
                    steps_per_epoch=steps_per_epoch,
                    validation_steps=validation_steps,
                    validation_freq=validation_freq,
                )
        except BaseException as error:
            for callback in instruments:
                if hasattr(callback, "on_train_error"):
                    callback.on_train_error(error)
            raise
        if epochs > initial_epoch and not self._batches_seen:
            raise ValueError(_EMPTY.format("a data set without a batch"))
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
                x = self._guarded(
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
            data = self._guarded(
                x, batch_size=batch_size, steps_per_epoch=steps
            )
            return super().predict(
                data, verbose=verbose, steps=steps, callbacks=callbacks
            )

    def _guarded(
        self, x, y=None, sample_weight=None, shuffle=False, wait=None, **how
    ):
        """The data adapter of Keras, with the engine's guards behind it."""
        adapter = keras_internals.get_data_adapter(
            x,
            y,
            sample_weight,
            # Keras warns when it is asked to shuffle a data set.
            shuffle=shuffle and not isinstance(x, tf.data.Dataset),
            **how,
        )
        if adapter.num_batches == 0:
            raise ValueError(_EMPTY.format(_describe(x)))
        if not self.guards:
            return GuardedAdapter(adapter, wait=wait)
        batch = (x, y, sample_weight)
        arrays = [
            leaf for leaf in keras.tree.flatten(batch) if leaf is not None
        ]
        if all(isinstance(leaf, np.ndarray) for leaf in arrays):
            guards.check_arrays(arrays, guards.expected_ranges(self, batch))
            return GuardedAdapter(adapter, wait=wait)
        return GuardedAdapter(
            adapter, functools.partial(guards.expected_ranges, self), wait
        )

    def _maybe_symbolic_build(self, iterator=None, data_batch=None):
        # Keras averages the first batch over replicas to learn its shape,
        # which fails where the replicas' parts differ in size.
        strategy = self.distribute_strategy
        if iterator is None or replicas.num_replicas(strategy) == 1:
            return super()._maybe_symbolic_build(iterator, data_batch)
        for _, _, batches in iterator:
            batch = next(batches)
            break
        with strategy.scope():
            keras_internals.build_symbolically(
                self, replicas.local_part(strategy, batch)
            )


_EMPTY = "`x` must hold at least one example. Received: {}"


def _describe(x):
    shapes = keras.tree.map_structure(
        lambda a: tuple(getattr(a, "shape", ())) or type(a).__name__, x
    )
    return f"{type(x).__name__} of shape {shapes}"


def _synchronize_batch_normalization(model):
    # Statistics of a replica's part would make N replicas differ from one.
    for layer in model._flatten_layers():
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.synchronized = True

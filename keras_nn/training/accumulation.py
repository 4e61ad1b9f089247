"""N batches in turn make the update that one N times larger batch makes."""

import functools
import itertools

import tensorflow as tf

from keras_nn.training import keras_hooks
from keras_nn.training import keras_internals
from keras_nn.training import replicas
from keras_nn.training import scoped_step
from keras_nn.training.session import note_training
from keras_nn.training.step_by_shape import step_by_shape
from keras_nn.training.update import Update
from keras_nn.training.update import innermost


def steps_of(model):
    """int. Batches to an update, as the optimisers of `model` say; or 1.

    Raises:
        ValueError: if they differ.
    """
    found = {
        innermost(optimizer).gradient_accumulation_steps or 1
        for optimizer in model.all_optimizers
    }
    if len(found) > 1:
        raise ValueError(
            "Every optimiser of a model must have the same "
            f"`gradient_accumulation_steps`. Received: {sorted(found)}"
        )
    return found.pop() if found else 1


def set_steps(optimizer, steps):
    """Lets `optimizer`, not yet built, accumulate over `steps` batches."""
    if not isinstance(steps, int) or steps < 1:
        raise ValueError(
            f"`steps` must be a positive integer. Received: {steps=}"
        )
    optimizer = innermost(optimizer)
    if optimizer.built:
        raise ValueError(
            "Accumulation must be set before the optimiser is built. "
            f"Received: '{optimizer.name}', which has its state already"
        )
    optimizer.gradient_accumulation_steps = steps if steps > 1 else None


def make_train_function(model):
    """What `fit` calls with its iterator, once a step.

    Args:
        model: a compiled `keras_nn.training.Model`.
    """
    scoped_step.prepare(model)
    steps = steps_of(model)
    if steps > 1:
        return Window(model, steps)
    step = functools.partial(scoped_step.train, model, model.train_step)
    function = step_by_shape(
        model, step, keras_internals.make_step_function(model, step)
    )

    def train_function(iterator):
        logs = function(iterator)
        note_training(model)
        return logs

    return train_function


class Window:
    """A step of `fit`: the gradients of up to N batches, then the update.

    The model's turns are played one after another, each on all batches of
    the window, so that a turn sees the weights that the turn before it has
    left, as on the larger batch. A gradient is the mean over what the losses
    are means over: examples, or what a mask or a weight leaves of them. What
    is left of the data at the end of an epoch is a smaller window. Nothing
    is pending between windows.

    Args:
        model: a compiled `keras_nn.training.Model`.
        steps: int. N.
    """

    def __init__(self, model, steps):
        self.model = model
        self.steps = steps
        self._turns = model.turns()
        self._accumulators = {}
        with model.distribute_strategy.scope():
            for optimizer in model.all_optimizers:
                accumulator = _Accumulator(optimizer)
                self._accumulators[id(optimizer)] = accumulator
            self._losses = [_WindowLoss(t) for t in model.loss_trackers]
        self._functions = {}

    def __call__(self, iterator):
        logs = None
        for _ in range(self.model.steps_per_execution):
            batches = list(itertools.islice(iterator, self.steps))
            if not batches:
                break
            for name, turn in self._turns:
                logs = self._play(name, turn, batches)
            note_training(self.model)
        if logs is None:
            raise StopIteration
        return logs

    def _play(self, name, turn, batches):
        if name not in self._functions:
            make = functools.partial(
                keras_internals.make_step_function, self.model
            )
            self._functions[name] = (
                make(functools.partial(self._gradients, name, turn)),
                make(functools.partial(self._update, name)),
            )
        add, update = self._functions[name]
        first = tf.constant(True)
        for batch in batches:
            logs = add([(first, batch)])
            first = tf.constant(False)
        update([()])
        return logs

    def _gradients(self, name, turn, data):
        """Adds the gradients of one batch to the turn's accumulators."""
        first, batch = data
        added = set()
        counts = []

        def accumulate(optimizer, gradients, variables, count, examples):
            counts.append((count, examples))
            accumulator = self._accumulators.get(id(optimizer))
            if accumulator is None or accumulator in added:
                raise ValueError(
                    "A step that accumulates gradients must apply an "
                    "optimiser once, and it must be one of `all_optimizers`. "
                    f"Received: {type(optimizer).__name__} '{optimizer.name}'"
                )
            added.add(accumulator)
            accumulator.add(name, gradients, variables, count, first)

        for loss in self._losses:
            loss.before_batch(first)
        logs = scoped_step.train(self.model, turn, batch, accumulate)
        for loss in self._losses if counts else ():
            logs = loss.after_batch(*counts[0], first, logs)
        return logs

    def _update(self, name, _):
        """One update of every optimiser that the turn has gradients for."""
        update = Update(
            tuple(self.model.gradient_observers),
            self.model.skip_nonfinite_updates,
        )
        with replicas.enter(update):
            for accumulator in self._accumulators.values():
                accumulator.apply(name)
        scoped_step.count_skipped(self.model, update)
        return {}


class _WindowLoss:
    """The reported loss of a window: weighed as its gradient is.

    Keras weighs the losses of the batches by their examples. A mean over what
    a mask or a weight leaves of them is not that of the larger batch then.
    """

    def __init__(self, tracker):
        self.tracker = tracker
        make = functools.partial(
            tf.Variable,
            0.0,
            trainable=False,
            # Of a replica's part, as the tracker's own.
            synchronization=tf.VariableSynchronization.ON_READ,
            aggregation=tf.VariableAggregation.SUM,
        )
        self.begin = make()  # the tracker's total before the window
        self.before = make()  # and before the batch
        self.sum = make()  # of the batches' losses by what they are means over
        self.count = tf.Variable(0.0, trainable=False)
        self.examples = tf.Variable(0.0, trainable=False)

    def before_batch(self, first):
        total = tf.convert_to_tensor(self.tracker.total.value)
        self.before.assign(total)
        self.begin.assign(tf.where(first, total, self.begin))

    def after_batch(self, count, examples, first, logs):
        """Corrects the tracker, and `logs` where it is in them."""
        examples = tf.cast(examples, "float32")
        moved = tf.convert_to_tensor(self.tracker.total.value) - self.before
        moved *= tf.math.divide_no_nan(count, examples)
        for variable, value in (
            (self.sum, moved),
            (self.count, count),
            (self.examples, examples),
        ):
            variable.assign(tf.where(first, 0.0, variable) + value)
        weight = tf.math.divide_no_nan(
            tf.convert_to_tensor(self.examples),
            tf.convert_to_tensor(self.count),
        )
        self.tracker.total.assign(self.begin + self.sum * weight)
        if self.tracker.name in logs:
            logs = {**logs, self.tracker.name: self.tracker.result()}
        return logs


class _Accumulator:
    """The mean gradient of an optimiser over the batches of a window."""

    def __init__(self, optimizer):
        self.optimizer = optimizer
        self.inner = innermost(optimizer)
        keras_hooks.count_updates(self.inner)
        self.count = tf.Variable(0.0, trainable=False)
        self.variables = {}  # of each turn: those that have a gradient

    def add(self, turn, gradients, variables, count, first):
        if not self.optimizer.built:
            self.optimizer.build(variables)
        pairs = [
            (gradient, variable)
            for gradient, variable in zip(gradients, variables, strict=True)
            if gradient is not None
        ]
        self.variables[turn] = [variable for _, variable in pairs]
        total = count + tf.where(first, 0.0, self.count)
        share = tf.math.divide_no_nan(count, total)
        self.count.assign(total)
        for gradient, variable in pairs:
            mean = self._mean(variable)
            gradient = tf.cast(tf.convert_to_tensor(gradient), mean.dtype)
            moved = mean.value + (gradient - mean.value) * tf.cast(
                share, mean.dtype
            )
            # What the window before has left is not read, finite or not.
            mean.assign(tf.where(first, gradient, moved))

    def apply(self, turn):
        if turn not in self.variables:
            return
        iterations = self.inner._iterations
        before = tf.convert_to_tensor(iterations.value)
        variables = self.variables[turn]
        self.optimizer.apply(
            [tf.convert_to_tensor(self._mean(v).value) for v in variables],
            variables,
        )
        # Keras counts batches. An update that was skipped counts for none.
        steps = self.inner.gradient_accumulation_steps
        made = tf.convert_to_tensor(iterations.value) - before
        iterations.assign((before // steps + made) * steps)

    def _mean(self, variable):
        index = self.inner._get_variable_index(variable)
        return self.inner._accumulated_gradients[index]

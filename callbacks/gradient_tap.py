import weakref

import keras
import tensorflow as tf

from keras_nn.callbacks.finite_update import FiniteUpdate
from keras_nn.callbacks.layer_tree import is_built

_OBSERVERS = weakref.WeakKeyDictionary()  # plain model -> observers
_TRACED = weakref.WeakKeyDictionary()  # train function -> its observers


class GradientTap:
    """Lets an observer see the gradients of the training step itself.

    The observer is called while the step is traced, inside the replica, with
    the unscaled gradients of the whole batch before clipping. What it
    computes becomes part of the step, so there is no second backward pass.

    A `keras_nn.training.Model` offers this by itself
    (`gradient_observers`). For any other `keras.Model` the tap sits in front
    of `optimizer.apply` of the compiled optimiser while it is attached; it
    then undoes loss scaling and sums over replicas for the observer, and for
    nobody else.

    Args:
        observer: callable `observer(variables, gradients)`.
        skip_nonfinite: bool. Also leave the weights finite in a step whose
            gradient is not: a `training.Model` skips the update; any other
            model applies zero gradients and keeps its non-trainable state.
            Defaults to False.

    Example:

    >>> import numpy as np
    >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    >>> model.compile("sgd", "mse")
    >>> seen = []
    >>> tap = GradientTap(lambda variables, gradients: seen.extend(variables))
    >>> class Attach(keras.callbacks.Callback):
    ...     def on_train_begin(self, logs=None):
    ...         tap.attach(self.model)
    >>> x = np.ones((4, 2))
    >>> _ = model.fit(x, x[:, :1], verbose=0, callbacks=[Attach()])
    >>> [variable.name for variable in seen]
    ['kernel', 'bias']
    """

    def __init__(self, observer, skip_nonfinite=False):
        self.observer = observer
        self.skip_nonfinite = skip_nonfinite
        self._finite_update = None
        self._model = None

    def attach(self, model):
        """Start observing. Call it in `on_train_begin`.

        Args:
            model: a compiled `keras.Model`.
        """
        self._model = model
        observers = _observers_of(model)
        _build_optimizer(model)
        if self not in observers:
            observers.append(self)
        if self.skip_nonfinite:
            if hasattr(model, "skip_nonfinite_updates"):
                model.skip_nonfinite_updates = True
            elif self._finite_update is None:
                self._finite_update = FiniteUpdate(model)
            else:
                self._finite_update.remember()
        traced = model.train_function and _TRACED.get(model.train_function)
        if self not in (traced or ()):
            model.make_train_function(force=True)
            _TRACED[model.train_function] = tuple(
                tap for tap in observers if isinstance(tap, GradientTap)
            )

    def detach(self):
        """Stop observing. A step that was traced keeps what it computes."""
        if self._model is None:
            return
        observers = _observers_of(self._model)
        if self in observers:
            observers.remove(self)
        if self.skip_nonfinite and hasattr(
            self._model, "skip_nonfinite_updates"
        ):
            self._model.skip_nonfinite_updates = False
        if not observers and not hasattr(self._model, "gradient_observers"):
            del _OBSERVERS[self._model]
            object.__delattr__(self._model.optimizer, "apply")
        self._model = None

    def __call__(self, variables, gradients):
        self.observer(variables, gradients)


def _observers_of(model):
    if hasattr(model, "gradient_observers"):
        return model.gradient_observers
    if model not in _OBSERVERS:
        optimizer = getattr(model, "optimizer", None)
        if not isinstance(optimizer, keras.optimizers.Optimizer):
            raise ValueError(
                "gradients can be observed in a model that trains with its "
                "compiled optimizer, or in a keras_nn.training.Model. "
                f"Received: optimizer={optimizer}"
            )
        _OBSERVERS[model] = []
        _observe_apply(optimizer, weakref.ref(model))
    return _OBSERVERS[model]


def _build_optimizer(model):
    """Make the optimiser's variables now, so that the step traces once."""
    optimizer = getattr(model, "optimizer", None)
    if isinstance(optimizer, keras.optimizers.Optimizer):
        if not optimizer.built and is_built(model):
            with model.distribute_strategy.scope():
                optimizer.build(model.trainable_variables)


def _observe_apply(optimizer, model_reference):
    original = optimizer.apply

    def apply(gradients, trainable_variables=None):
        model = model_reference()
        gradients = list(gradients)
        variables = trainable_variables or model.trainable_variables
        taps = _OBSERVERS.get(model, ())
        if taps:
            whole = _whole_batch(optimizer, gradients)
            for tap in taps:
                tap(variables, whole)
            for tap in taps:
                if tap.skip_nonfinite:
                    gradients = tap._finite_update.apply(gradients, whole)
                    break
        return original(gradients, trainable_variables)

    # Past Keras's attribute tracking: this is no part of the optimiser.
    object.__setattr__(optimizer, "apply", apply)


def _whole_batch(optimizer, gradients):
    """Gradients summed over replicas and without the loss scale."""
    present = [g for g in gradients if g is not None]
    if tf.distribute.get_strategy().num_replicas_in_sync > 1 and present:
        present = tf.distribute.get_replica_context().all_reduce(
            tf.distribute.ReduceOp.SUM, present
        )
    if isinstance(optimizer, keras.optimizers.LossScaleOptimizer):
        scale = optimizer.initial_scale
        if optimizer.built:
            scale = optimizer.dynamic_scale.value
        present = [tf.convert_to_tensor(g) / scale for g in present]
    present = iter(present)
    return [None if g is None else next(present) for g in gradients]

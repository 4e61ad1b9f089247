import keras


class Unfreeze(keras.callbacks.Callback):
    """Trains without a part of the model for some epochs, then with it.

    What was learnt elsewhere is not spoilt while the new layers are still
    random: the part, such as `app.backbone`, is frozen when training begins
    and set free at the beginning of an epoch. While it is frozen, batch
    normalisation in it uses its moving statistics and leaves them alone.

    The optimiser holds the state of all weights from the beginning, so that
    one `fit`, one schedule and one checkpoint cover both phases. A training
    that goes on in the second phase begins unfrozen.

    Several of them, each with a part and an epoch of its own, set a network
    free step by step; `keras_nn.models.layer_groups` finds the parts.

    Args:
        layer: `keras.layers.Layer` or model, part of the model that is
            trained, or a list of such.
        epoch: int. How many epochs it is frozen, at least 1.

    Raises:
        ValueError: if `epoch` is not positive, or `layer` has no weight that
            could be trained.

    Example:

    >>> import numpy as np
    >>> hidden = keras.layers.Dense(4)
    >>> model = keras.Sequential([keras.Input((3,)), hidden,
    ...                           keras.layers.Dense(1)])
    >>> model.compile("sgd", "mse")
    >>> before = hidden.kernel.numpy()
    >>> history = model.fit(np.ones((8, 3)), np.ones((8, 1)), verbose=0,
    ...                     callbacks=[Unfreeze(hidden, epoch=1)])
    >>> bool(np.array_equal(hidden.kernel.numpy(), before)), hidden.trainable
    (True, True)
    """

    def __init__(self, layer, epoch):
        super().__init__()
        if epoch < 1:
            raise ValueError(f"`epoch` must be positive. Received: {epoch=}")
        layers = layer if isinstance(layer, list | tuple) else [layer]
        if not any(one.trainable_weights for one in layers):
            raise ValueError(
                "`layer` must have weights that can be trained. "
                f"Received: {', '.join(one.name for one in layers)}"
            )
        self.layer = layer
        self.epoch = epoch
        self._layers = layers

    def on_train_begin(self, logs=None):
        model = self.model
        with model.distribute_strategy.scope():
            if not model.optimizer.built:
                model.optimizer.build(model.trainable_variables)

    def on_epoch_begin(self, epoch, logs=None):
        self._set(epoch >= self.epoch)

    def on_train_end(self, logs=None):
        self._set(True)

    def _set(self, trainable):
        if any(one.trainable != trainable for one in self._layers):
            for one in self._layers:
                one.trainable = trainable
            # The step that was traced holds the weights of the other phase.
            self.model.make_train_function(force=True)

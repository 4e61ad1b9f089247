import numpy as np
import tensorflow as tf

from keras_nn.callbacks.call_recorder import CallRecorder
from keras_nn.callbacks.histogram import write_histogram
from keras_nn.callbacks.instrument import Instrument

_LIMITS = {
    "sigmoid": (0.0, 1.0),
    "hard_sigmoid": (0.0, 1.0),
    "tanh": (-1.0, 1.0),
    "hard_tanh": (-1.0, 1.0),
    "softsign": (-1.0, 1.0),
    "relu6": (0.0, 6.0),
}
_LAYERS = {
    "ReLU": "relu",
    "LeakyReLU": "leaky_relu",
    "PReLU": "prelu",
    "ELU": "elu",
}


class ActivationMonitor(Instrument):
    """Writes which units of a model are dead and which are saturated.

    Each time, a fixed sample of data goes through the model once more, in
    inference mode. Looked at is every layer with a nonlinear activation,
    wherever it is in the model; activations that a model applies as plain
    functions are not seen.

    Read it for: `dead_units` that rise (units that answer every input with
    the same value learn nothing any more: lower the learning rate, change the
    initialiser, or use a leaky activation); `saturated` near 1 (a sigmoid or
    tanh at its limits passes no gradient: normalise its input).

    Args:
        log_dir: str or path. Where TensorBoard looks.
        x: inputs of the model, as `predict` takes them: array, or a dict,
            list or tuple of arrays.
        every: int. Write once per this many epochs. Defaults to 1.
        limit: int. How many examples of `x` to use, the first ones. Defaults
            to 64.

    Writes to `log_dir/train`, at the epoch's index:
        `dead_units/<layer>`: scalar from 0 to 1, the share of units (last
            axis) whose output is the same for all examples and positions.
        `zero_activations/<layer>`: scalar from 0 to 1, the share of outputs
            that are exactly zero.
        `saturated/<layer>`: scalar from 0 to 1, for bounded activations: the
            share of outputs within 1 % of the range of a limit.
        `activation/<layer>`: histogram of the finite outputs.

    Example:

    >>> import keras, tempfile
    >>> x = np.linspace(-1, 1, 8, dtype="float32")[:, None]
    >>> dense = keras.layers.Dense(
    ...     2,
    ...     "relu",
    ...     bias_initializer=lambda shape, dtype: [0.0, -9.0],
    ...     name="dense",
    ... )
    >>> model = keras.Sequential([keras.Input((1,)), dense])
    >>> model.compile(keras.optimizers.SGD(0.0), "mse")
    >>> monitor = ActivationMonitor(tempfile.mkdtemp(), x)
    >>> _ = model.fit(x, x, verbose=0, callbacks=[monitor])
    >>> monitor.dead_units
    {'dense': 0.5}
    """

    def __init__(self, log_dir, x, every=1, limit=64):
        super().__init__(log_dir, every)
        if limit < 1:
            raise ValueError(f"`limit` must be at least 1. Received: {limit=}")
        self.x = tf.nest.map_structure(
            lambda array: np.asarray(array)[:limit], x
        )
        lengths = {len(array) for array in tf.nest.flatten(self.x)}
        if len(lengths) != 1 or 0 in lengths:
            raise ValueError(
                "`x` must hold at least one example, and as many in each "
                f"array. Received: lengths {sorted(lengths)}"
            )
        self.limit = limit
        self.dead_units = {}

    def on_epoch_end(self, epoch, logs=None):
        if not self.is_due(epoch):
            return
        inputs = tf.nest.map_structure(tf.convert_to_tensor, self.x)
        with CallRecorder(self.model) as recorder:
            self.model(inputs, training=False)
        outputs = {}
        for call in recorder.calls:
            name = activation_of(call.layer)
            if name is not None and call.path:
                values = [np.asarray(t, "float32") for t in call.outputs]
                outputs.setdefault((call.path, name), []).extend(values)
        self.dead_units = {}
        with self.write(epoch):
            for (path, name), values in outputs.items():
                self._write(path, name, values)

    def _write(self, path, name, values):
        units = np.concatenate(
            [value.reshape(-1, value.shape[-1]) for value in values]
        )
        dead = float((units.max(axis=0) == units.min(axis=0)).mean())
        self.dead_units[path] = dead
        tf.summary.scalar(f"dead_units/{path}", dead)
        tf.summary.scalar(f"zero_activations/{path}", (units == 0).mean())
        if name in _LIMITS:
            low, high = _LIMITS[name]
            margin = 0.01 * (high - low)
            at_limit = (units < low + margin) | (units > high - margin)
            tf.summary.scalar(f"saturated/{path}", at_limit.mean())
        write_histogram(f"activation/{path}", units)


def activation_of(layer):
    """Name of the nonlinear activation at the end of a layer.

    Args:
        layer: `keras.layers.Layer`.

    Returns:
        str, or None for a linear layer and for a softmax, whose outputs are
        shares that ought to go to the limits.

    Example:

    >>> import keras
    >>> activation_of(keras.layers.Dense(1, "tanh"))
    'tanh'
    >>> activation_of(keras.layers.Dense(1)) is None
    True
    """
    name = _LAYERS.get(type(layer).__name__)
    if name is None:
        activation = getattr(layer, "activation", None)
        name = getattr(activation, "__name__", None)
        if name is None and activation is not None:
            name = type(activation).__name__
    return None if name in (None, "linear", "softmax") else name

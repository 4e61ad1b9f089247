import keras
import numpy as np
import tensorflow as tf

from keras_nn.callbacks.call_recorder import CallRecorder
from keras_nn.callbacks.instrument import Instrument
from keras_nn.callbacks.layer_tree import descendants
from keras_nn.callbacks.picture import figure_to_image
from keras_nn.callbacks.picture import new_figure

LOW, HIGH = 0.1, 0.9


class GateSaturation(Instrument):
    """Shows how often the gates of recurrent layers are shut or wide open.

    Of `keras.layers.LSTM` and `GRU`, and of every `keras.layers.RNN` whose cell
    has a `gated_step`: `FlexibleLSTMCell`, `FlexibleGRUCell`,
    `MinimalGatedCell`.

    A gate is shut below 0.1 and open above 0.9; each unit is a point, at the
    shares of all steps of all texts in which it is either.

    Read it for: points near (0, 0): gates that are never decided, the layer
    hardly remembers; forget gates far to the right: units that keep what they
    know; points at (1, 0) or (0, 1): gates that never move, so units that are
    not used. On the diagonal line a gate is always saturated: its gradient is
    gone.

    Args:
        log_dir: str or path. Where TensorBoard looks.
        inputs: what the model takes: a batch of a few texts.
        every: int. Write once per this many epochs. Defaults to 1.

    Raises:
        ValueError: while training begins, if there is no such layer.

    Writes to `log_dir/validation`, at the epoch's index:
        `gates/<layer>/<gate>/shut`, `gates/<layer>/<gate>/open`: scalars,
            shares of all units and steps, 0 to 1.
        `gates/<layer>`: image, the points of its gates.

    Example:

    >>> import tempfile
    >>> GateSaturation(tempfile.mkdtemp(), np.zeros((1, 3, 2))).every
    1

    Reference:
        [Karpathy et al., 2015](https://arxiv.org/abs/1506.02078), section 4.2
    """

    def __init__(self, log_dir, inputs, every=1):
        super().__init__(log_dir, every)
        self.inputs = inputs

    def on_train_begin(self, logs=None):
        super().on_train_begin(logs)
        layers = [layer for _, layer in descendants(self.model)]
        if not any(map(_reader_of, layers)):
            raise ValueError(
                "There must be a keras.layers.LSTM or GRU, or an RNN of a cell "
                f"with gates. Received: {type(self.model).__name__} without"
            )

    def on_epoch_end(self, epoch, logs=None):
        if not self.is_due(epoch):
            return
        with self.write(epoch, "validation"):
            for path, gates in gate_values(self.model, self.inputs):
                figure = new_figure(2.8 * len(gates), 2.8)
                axes = figure.subplots(1, len(gates), squeeze=False)[0]
                for axis, (name, values) in zip(
                    axes, gates.items(), strict=True
                ):
                    shut = np.mean(values < LOW, axis=(0, 1))
                    wide = np.mean(values > HIGH, axis=(0, 1))
                    axis.scatter(wide, shut, s=8, alpha=0.6)
                    axis.plot([0, 1], [1, 0], linewidth=0.5, color="gray")
                    axis.set_title(f"{name} gate", fontsize=9)
                    axis.set_xlabel("share open", fontsize=8)
                    axis.set_ylabel("share shut", fontsize=8)
                    tag = f"gates/{path}/{name}"
                    tf.summary.scalar(f"{tag}/shut", shut.mean())
                    tf.summary.scalar(f"{tag}/open", wide.mean())
                tf.summary.image(f"gates/{path}", figure_to_image(figure))


def gate_values(model, inputs):
    """The gates of every recurrent layer of a model, for some inputs.

    Args:
        model: `keras.Model`.
        inputs: what it takes.

    Returns:
        A list of pairs: the path of the layer, and a dict of gate to a float32
        array `(batch, steps, units)`, in the order in which the layer reads.
        Masks are not looked at: padding counts.
    """
    inputs = keras.tree.map_structure(tf.convert_to_tensor, inputs)
    with CallRecorder(model) as recorder:
        model(inputs, training=False)
    return [
        (call.path, _gates(call.layer, call.inputs[0]))
        for call in recorder.calls
        if _reader_of(call.layer)
    ]


def _reader_of(layer):
    """What computes the gates of a layer's cell, or None."""
    if isinstance(layer, keras.layers.LSTM):
        return _lstm_gates
    if isinstance(layer, keras.layers.GRU):
        return _gru_gates
    gated = hasattr(getattr(layer, "cell", None), "gated_step")
    if gated and isinstance(layer, keras.layers.RNN):
        return _own_gates
    return None


def _gates(layer, x):
    if layer.go_backwards:
        x = tf.reverse(x, [1])
    cell, gates_of = layer.cell, _reader_of(layer)
    states = keras.tree.flatten(cell.get_initial_state(x.shape[0]))
    found = []
    for step in range(x.shape[1]):
        found.append(gates_of(cell, x[:, step], states))
        states = keras.tree.flatten(cell(x[:, step], states)[1])
    return {
        name: np.stack([np.asarray(g[name], "float32") for g in found], axis=1)
        for name in found[0]
    }


def _own_gates(cell, x, states):
    return cell.gated_step(x, states)[0]


def _lstm_gates(cell, x, states):
    z = x @ cell.kernel + states[0] @ cell.recurrent_kernel
    if cell.use_bias:
        z = z + cell.bias
    enter, forget, _, leave = tf.split(z, 4, axis=-1)
    gates = {"input": enter, "forget": forget, "output": leave}
    return _opened(cell, gates)


def _gru_gates(cell, x, states):
    bias = cell.bias if cell.use_bias else None
    of_x, of_before = x @ cell.kernel, states[0] @ cell.recurrent_kernel
    if bias is not None:
        twice = len(bias.shape) == 2  # `reset_after`
        of_x = of_x + (bias[0] if twice else bias)
        of_before = of_before + (bias[1] if twice else 0.0)
    units = 2 * cell.units
    z = of_x[:, :units] + of_before[:, :units]
    update, reset = tf.split(z, 2, axis=-1)
    gates = {"update": update, "reset": reset}
    return _opened(cell, gates)


def _opened(cell, gates):
    return {name: cell.recurrent_activation(z) for name, z in gates.items()}

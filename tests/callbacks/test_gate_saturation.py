import keras
import numpy as np
import pytest

from keras_nn.callbacks import GateSaturation
from keras_nn.callbacks.gate_saturation import gate_values
from keras_nn.layers import FlexibleGRUCell
from keras_nn.layers import FlexibleLSTMCell
from keras_nn.layers import IndependentCell
from keras_nn.layers import MinimalGatedCell
from keras_nn.testing import read_events

X = np.random.default_rng(0).normal(size=(2, 5, 3)).astype("float32")


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


@pytest.mark.parametrize("reset_after", [True, False])
def test_gates_of_a_gru_make_its_states(reset_after):
    inputs = keras.Input((5, 3))
    layer = keras.layers.GRU(
        4, return_sequences=True, reset_after=reset_after, name="gru"
    )
    model = keras.Model(inputs, layer(inputs))
    layer.cell.bias.assign(0.3 * np.ones(layer.cell.bias.shape))
    ((path, gates),) = gate_values(model, X)
    assert path == "gru"
    states = np.concatenate([np.zeros((2, 1, 4)), model(X)[:, :-1]], axis=1)
    kernel, recurrent, bias = map(np.asarray, layer.get_weights())
    if reset_after:
        inner = X @ kernel + bias[0]
        before = states @ recurrent + bias[1]
        candidate = inner[..., 8:] + gates["reset"] * before[..., 8:]
    else:
        inner = X @ kernel + bias
        candidate = inner[..., 8:]
        candidate += (gates["reset"] * states) @ recurrent[:, 8:]
    update = gates["update"]
    expected = update * states + (1 - update) * np.tanh(candidate)
    np.testing.assert_allclose(model(X), expected, atol=1e-5)


def test_gates_of_an_lstm_make_its_states():
    inputs = keras.Input((5, 3))
    layer = keras.layers.LSTM(4, return_sequences=True)
    model = keras.Model(inputs, layer(inputs))
    ((_, gates),) = gate_values(model, X)
    kernel, recurrent, bias = map(np.asarray, layer.get_weights())
    h = c = np.zeros((2, 4))
    for step in range(5):
        z = X[:, step] @ kernel + h @ recurrent + bias
        np.testing.assert_allclose(
            gates["input"][:, step], sigmoid(z[:, :4]), atol=1e-5
        )
        new = gates["input"][:, step] * np.tanh(z[:, 8:12])
        c = gates["forget"][:, step] * c + new
        h = gates["output"][:, step] * np.tanh(c)
        np.testing.assert_allclose(model(X)[:, step], h, atol=1e-5)


@pytest.mark.parametrize(
    "cell, names",
    [
        (FlexibleLSTMCell(4, coupled=True, zoneout=0.2), "input forget output"),
        (FlexibleGRUCell(4, layer_norm=True), "update reset"),
        (MinimalGatedCell(4), "forget"),
    ],
)
def test_gates_of_our_own_cells_are_those_of_their_steps(cell, names):
    inputs = keras.Input((5, 3))
    layer = keras.layers.RNN(cell, return_sequences=True, name="own")
    model = keras.Model(inputs, layer(inputs))
    ((path, gates),) = gate_values(model, X)
    assert path == "own" and list(gates) == names.split()
    states = keras.tree.flatten(cell.get_initial_state(2))
    for step in range(5):
        expected, _ = cell.gated_step(X[:, step], states)
        states = keras.tree.flatten(cell(X[:, step], states)[1])
        for name, values in gates.items():
            np.testing.assert_allclose(
                values[:, step], expected[name], atol=1e-6
            )
    np.testing.assert_allclose(model(X)[:, -1], states[0], atol=1e-5)
    if getattr(cell, "coupled", False):
        np.testing.assert_allclose(gates["input"], 1 - gates["forget"])


def test_a_cell_without_gates_is_left_out():
    inputs = keras.Input((5, 3))
    x = keras.layers.RNN(IndependentCell(4), return_sequences=True)(inputs)
    x = keras.layers.GRU(2, name="gru")(x)
    ((path, _),) = gate_values(keras.Model(inputs, x), X)
    assert path == "gru"


def test_writes_both_directions(tmp_path):
    inputs = keras.Input((5, 3))
    layer = keras.layers.Bidirectional(keras.layers.LSTM(2), name="both")
    model = keras.Model(inputs, layer(inputs))
    model.compile("sgd", "mse")
    for one in (layer.forward_layer, layer.backward_layer):
        one.cell.bias.assign([9.0] * 2 + [-9.0] * 2 + [0.0] * 4)
    instrument = GateSaturation(tmp_path, X)
    model.fit(X, np.zeros((2, 4)), verbose=0, callbacks=[instrument])
    events = read_events(tmp_path)["validation"]
    tags = sorted(tag for tag in events if tag.endswith("/input/open"))
    assert len(tags) == 2
    assert all(events[tag][0].value == 1 for tag in tags)
    shut = tags[0].replace("input/open", "forget/shut")
    assert events[shut][0].value == 1
    assert events[shut.replace("shut", "open")][0].value == 0
    plain = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    plain.compile("sgd", "mse")
    with pytest.raises(ValueError, match="Received: Sequential without"):
        plain.fit(
            np.ones((1, 1)), np.ones((1, 1)), verbose=0, callbacks=[instrument]
        )

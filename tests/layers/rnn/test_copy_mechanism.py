import numpy as np

from keras_nn.layers import CopyMechanism

generator = np.random.default_rng(0)
LOGITS = generator.normal(size=(2, 3, 6)).astype("float32")
WEIGHTS = generator.dirichlet(np.ones(4), size=(2, 3)).astype("float32")
SOURCE = np.array([[1, 5, 1, 0], [2, 2, 2, 3]])
X = generator.normal(size=(2, 3, 5)).astype("float32")


def test_equals_the_equation():
    layer = CopyMechanism()
    found = np.exp(layer(LOGITS, WEIGHTS, SOURCE, X))
    kernel, bias = layer.gate.get_weights()
    gate = 1 / (1 + np.exp(-(X @ kernel + bias)))
    written = np.exp(LOGITS) / np.exp(LOGITS).sum(-1, keepdims=True)
    expected = gate * written
    for row, step, place in np.ndindex(WEIGHTS.shape):
        expected[row, step, SOURCE[row, place]] += (
            1 - gate[row, step, 0]
        ) * WEIGHTS[row, step, place]
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(found.sum(-1), 1, rtol=1e-4)


def test_a_closed_gate_only_points():
    layer = CopyMechanism()
    layer(LOGITS, WEIGHTS, SOURCE, X)
    layer.gate.set_weights([np.zeros((5, 1)), np.array([-100.0])])
    found = np.exp(layer(LOGITS, WEIGHTS, SOURCE, X))
    assert (found[1, :, [0, 1, 4, 5]] < 1e-6).all()
    np.testing.assert_allclose(
        found[1, :, 2], WEIGHTS[1, :, :3].sum(-1), rtol=1e-4
    )


def test_config_round_trip():
    layer = CopyMechanism.from_config(CopyMechanism(name="c").get_config())
    assert layer.name == "c"

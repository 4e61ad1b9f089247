import pytest

from keras_nn.layers import JumpingKnowledge
from keras_nn.testing import check_layer
from keras_nn.testing.numbers import assert_close


@pytest.mark.slow
def test_conformance():
    shapes = [(2, 3, 4), (2, 3, 4)]
    check_layer(JumpingKnowledge, {"mode": "lstm"}, shapes, mask=False)


@pytest.mark.parametrize("mode", ["cat", "max", "lstm"])
def test_equals_pyg(mode, pyg):
    found = pyg
    x = found["graph/node_features"].astype("float32")
    other = found["graph/initial_features"].astype("float32")
    layer = JumpingKnowledge(mode)
    inputs = [x, other, x * other]
    layer(inputs)
    for index, weight in enumerate(layer.trainable_weights):
        weight.assign(found[f"jump_{mode}/weight_{index}"])
    assert_close(layer(inputs), found[f"jump_{mode}/output"], mode)


def test_refuses_another_mode():
    with pytest.raises(ValueError, match="Received: mode='sum'"):
        JumpingKnowledge("sum")

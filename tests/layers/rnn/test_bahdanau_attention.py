import numpy as np
import pytest

from keras_nn.layers import BahdanauAttention
from keras_nn.testing import check_layer

generator = np.random.default_rng(0)
QUERY = generator.normal(size=(2, 3)).astype("float32")
MEMORY = generator.normal(size=(2, 5, 4)).astype("float32")


def test_conformance():
    check_layer(
        BahdanauAttention,
        {"units": 3},
        (3, 4),
        call_kwargs={"memory": (3, 5, 6)},
        mask=False,
        replicas=False,  # which the check cannot do for two outputs
    )


@pytest.mark.parametrize("coverage", [False, True])
def test_equals_the_equation(coverage):
    layer = BahdanauAttention(3, coverage)
    covered = generator.uniform(size=(2, 5)).astype("float32")
    extra = {"covered": covered} if coverage else {}
    layer(QUERY, MEMORY, **extra)
    for weight in layer.weights:
        weight.assign(generator.normal(size=weight.shape))
    mask = np.array([[True] * 5, [True, True, False, True, False]])
    context, weights = layer(QUERY, MEMORY, mask=mask, **extra)
    query, (memory, bias), score = (
        layer.query.get_weights()[0],
        layer.memory.get_weights(),
        layer.score.get_weights()[0],
    )
    hidden = (QUERY @ query)[:, None] + MEMORY @ memory + bias
    if coverage:
        hidden += covered[..., None] * np.array(layer.coverage_kernel)
    scores = np.exp((np.tanh(hidden) @ score)[..., 0]) * mask
    expected = scores / scores.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(weights, expected, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(
        context, (expected[..., None] * MEMORY).sum(1), rtol=1e-4, atol=1e-5
    )


def test_refuses_coverage_without_earlier_weights():
    with pytest.raises(ValueError, match="coverage=True, covered=None"):
        BahdanauAttention(3, coverage=True)(QUERY, MEMORY)
    with pytest.raises(ValueError, match="units=0"):
        BahdanauAttention(0)

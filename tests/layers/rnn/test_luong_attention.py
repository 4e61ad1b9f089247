import numpy as np
import pytest

from keras_nn.layers import LuongAttention
from keras_nn.testing import check_layer

generator = np.random.default_rng(0)
STATES = generator.normal(size=(2, 3, 4)).astype("float32")
MEMORY = generator.normal(size=(2, 5, 4)).astype("float32")


def test_conformance():
    check_layer(
        LuongAttention,
        {"units": 3, "score": "concat"},
        (3, 4, 5),
        call_kwargs={"memory": (3, 5, 6)},
        mask=False,
    )


@pytest.mark.parametrize("score", ["dot", "general", "concat"])
def test_equals_the_equation(score):
    layer = LuongAttention(3, score)
    mask = np.array([[True] * 5, [True, True, False, True, False]])
    y, weights = layer(STATES, MEMORY, memory_mask=mask, return_weights=True)

    def of(name):
        return getattr(layer, name).get_weights()[0]

    if score == "concat":
        hidden = np.tanh(
            (STATES @ of("query"))[:, :, None] + (MEMORY @ of("key"))[:, None]
        )
        scores = (hidden @ of("reduce"))[..., 0]
    else:
        query = STATES @ (of("query") if score == "general" else np.eye(4))
        scores = query @ MEMORY.swapaxes(1, 2)
    scores = np.exp(scores) * mask[:, None]
    expected = scores / scores.sum(axis=-1, keepdims=True)
    np.testing.assert_allclose(weights, expected, rtol=1e-4, atol=1e-6)
    both = np.concatenate([expected @ MEMORY, STATES], axis=-1)
    np.testing.assert_allclose(y, np.tanh(both @ of("combine")), atol=1e-5)


def test_refuses_unequal_features_for_products():
    with pytest.raises(ValueError, match="Received: 4 and 3"):
        LuongAttention(3, "dot")(STATES, MEMORY[..., :3])
    with pytest.raises(ValueError, match="score='cosine'"):
        LuongAttention(3, "cosine")

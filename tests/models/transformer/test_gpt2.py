import numpy as np
import pytest

from keras_nn.models import GPT2
from keras_nn.testing import check_model

TINY = {
    "vocabulary_size": 7,
    "context_length": 6,
    "num_layers": 2,
    "num_heads": 2,
    "width": 8,
    "dropout": 0.0,
}


@pytest.mark.slow
def test_conformance():
    ids = np.arange(24).reshape(4, 6) % 7
    check_model(GPT2, {**TINY, "num_layers": 1}, ids, (4, 6, 7), epochs=15)


def test_the_head_is_the_embedding():
    model = GPT2(**TINY)
    assert [w.path.split("/")[0] for w in model.weights].count(
        "token_embedding"
    ) == 1
    assert not any("head" in weight.path for weight in model.weights)


def test_residual_branches_start_small():
    model = GPT2(**{**TINY, "width": 64, "num_layers": 8})
    block = model.get_layer("block_3")
    for layer, std in (
        (block.attention.query, 0.02),
        (block.attention.out, 0.02 / 4),
        (block.feed_forward.up, 0.02),
        (block.feed_forward.down, 0.02 / 4),
    ):
        assert np.std(layer.get_weights()[0]) == pytest.approx(std, rel=0.1)


def test_the_future_is_hidden():
    model = GPT2(**TINY)
    ids = np.array([[1, 2, 3, 4, 5, 6]])
    before = np.array(model(ids))
    ids[:, 4:] = 0
    np.testing.assert_allclose(model(ids)[:, :4], before[:, :4], atol=1e-6)


def test_refuses_a_text_longer_than_its_context_and_no_layers():
    with pytest.raises(ValueError, match="Received: 7 tokens"):
        GPT2(**TINY)(np.zeros((1, 7), "int32"))
    with pytest.raises(ValueError, match="Received: num_layers=0"):
        GPT2(**{**TINY, "num_layers": 0})


@pytest.mark.slow
def test_has_the_published_number_of_weights():
    assert GPT2().count_params() == 124_439_808

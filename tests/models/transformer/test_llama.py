import numpy as np
import pytest

from keras_nn.models import Llama
from keras_nn.testing import check_model

TINY = {
    "vocabulary_size": 7,
    "context_length": 6,
    "num_layers": 2,
    "num_heads": 2,
    "num_key_value_heads": 1,
    "width": 8,
    "hidden_dim": 12,
}


def test_conformance():
    ids = np.arange(24).reshape(4, 6) % 7
    check_model(
        Llama,
        {**TINY, "num_layers": 1},
        ids,
        (4, 6, 7),
        epochs=15,
        half=False,
        replicas=False,
    )


def test_a_tied_head_saves_its_weights():
    apart, tied = Llama(**TINY), Llama(**TINY, tie_weights=True)
    assert apart.count_params() - tied.count_params() == 7 * 8


def test_with_a_window_far_tokens_are_forgotten():
    model = Llama(**{**TINY, "num_layers": 1}, window=2)
    ids = np.array([[1, 2, 3, 4, 5, 6]])
    before = np.array(model(ids))
    ids[:, 0] = 0
    np.testing.assert_allclose(model(ids)[:, 2:], before[:, 2:], atol=1e-6)


def test_refuses_heads_that_share_unevenly():
    with pytest.raises(ValueError, match="num_key_value_heads=3"):
        Llama(**{**TINY, "num_key_value_heads": 3})

import numpy as np
import pytest

from keras_nn.models import GPT2
from keras_nn.models import Llama

SIZES = {"vocabulary_size": 7, "num_layers": 2, "num_heads": 2, "width": 8}


@pytest.mark.parametrize(
    "make",
    [
        lambda: GPT2(**SIZES, context_length=9),
        lambda: Llama(**SIZES, num_key_value_heads=1, hidden_dim=12),
    ],
    ids=["gpt2", "llama"],
)
def test_decoding_token_by_token_is_the_full_pass(make):
    model = make()
    ids = np.random.default_rng(0).integers(0, 7, (2, 5))
    cache, parts = model.start_cache(2, 9), []
    for place in range(5):
        logits, cache = model.decode(ids[:, place : place + 1], cache, place)
        parts.append(logits)
    np.testing.assert_allclose(
        np.concatenate(parts, axis=1), model(ids), atol=1e-5
    )

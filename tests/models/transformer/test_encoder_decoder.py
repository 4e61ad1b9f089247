import numpy as np
import pytest

from keras_nn.models import T5
from keras_nn.models import TransformerSeq2Seq

TINY = {"num_layers": 1, "num_heads": 2, "width": 8, "hidden_dim": 8}


@pytest.mark.parametrize(
    "model",
    [
        TransformerSeq2Seq(11, positions="learned", norm_first=True, **TINY),
        T5(11, key_dim=4, **TINY),
    ],
    ids=lambda model: model.name,
)
def test_decoding_token_by_token_changes_nothing(model):
    generator = np.random.default_rng(0)
    source = generator.integers(1, 11, (2, 6)).astype("int32")
    source[1, 4:] = 0
    target = generator.integers(1, 11, (2, 5)).astype("int32")
    whole = model({"source": source, "target": target})
    memory = model.encode(source)
    cache = model.start_cache(2, 8)
    for place in range(5):
        logits, cache = model.decode(
            target[:, place : place + 1], cache, place, memory=memory
        )
        np.testing.assert_allclose(
            np.array(logits)[:, 0], np.array(whole)[:, place], atol=1e-5
        )


def test_padding_of_a_source_changes_nothing():
    model = TransformerSeq2Seq(11, **TINY)
    source, target = np.array([[5, 6, 7]]), np.array([[2, 4]])
    logits = model({"source": source, "target": target})
    longer = np.array([[5, 6, 7, 0, 0, 0]])
    padded = model({"source": longer, "target": target})
    np.testing.assert_allclose(np.array(padded), np.array(logits), atol=1e-5)

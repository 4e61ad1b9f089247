import numpy as np
import pytest

from keras_nn.models import T5
from keras_nn.testing import check_model

TINY = {
    "vocabulary_size": 7,
    "num_layers": 1,
    "num_heads": 2,
    "key_dim": 4,
    "width": 8,
    "hidden_dim": 12,
    "num_buckets": 4,
    "max_distance": 6,
    "dropout": 0.0,
}
IDS = {
    "source": 1 + np.arange(24).reshape(4, 6) % 6,
    "target": 1 + np.arange(20).reshape(4, 5) % 6,
}


@pytest.mark.slow
def test_conformance():
    arguments = {**TINY, "gated": True, "tie_weights": False}
    check_model(
        T5, arguments, IDS, (4, 5, 7), epochs=15, jit=False, replicas=False
    )


def test_one_table_of_distances_a_stack():
    model = T5(**{**TINY, "num_layers": 3})
    tables = [w for w in model.weights if "bias/table" in w.path]
    assert [tuple(table.shape) for table in tables] == [(4, 2)] * 2
    assert not any(w.path.endswith("/bias") for w in model.weights)


def test_t5_small_has_as_many_weights_as_published():
    model = T5.from_preset("t5-small", vocabulary_size=1)
    assert model.count_params() + 32_127 * 512 == 60_506_624


def test_refuses():
    with pytest.raises(ValueError, match="Received: key_dim=0"):
        T5(**{**TINY, "key_dim": 0})

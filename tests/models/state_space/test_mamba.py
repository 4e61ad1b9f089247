import numpy as np
import pytest

from keras_nn.models import Mamba
from keras_nn.testing import check_model

TINY = {
    "vocabulary_size": 7,
    "context_length": 12,
    "num_layers": 1,
    "width": 8,
    "num_states": 2,
    "expansion": 1,
}


def test_conformance():
    ids = np.arange(24).reshape(4, 6) % 7
    check_model(
        Mamba, TINY, ids, (4, 6, 7), epochs=15, half=False, replicas=False
    )


def test_a_head_of_its_own_adds_its_weights():
    tied, apart = Mamba(**TINY), Mamba(**TINY, tie_weights=False)
    assert apart.count_params() - tied.count_params() == 7 * 8


def test_refuses_no_layers():
    with pytest.raises(ValueError, match="num_layers=0"):
        Mamba(**{**TINY, "num_layers": 0})

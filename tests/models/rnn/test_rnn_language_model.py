import numpy as np
import pytest

from keras_nn.models import RNNLanguageModel
from keras_nn.testing import check_model

TINY = {"vocabulary_size": 7, "num_layers": 1, "width": 8}


def test_conformance():
    ids = np.arange(24).reshape(4, 6) % 7
    check_model(
        RNNLanguageModel,
        {**TINY, "cell": "gru"},
        ids,
        (4, 6, 7),
        epochs=15,
        half=False,
        replicas=False,
        export=False,
    )


def test_refuses_sizes_that_cannot_be_tied():
    with pytest.raises(ValueError, match="units=4, width=8"):
        RNNLanguageModel(**TINY, units=4, tie_weights=True)
    with pytest.raises(ValueError, match="cell='elman'"):
        RNNLanguageModel(**TINY, cell="elman")

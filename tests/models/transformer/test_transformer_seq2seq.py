import numpy as np
import pytest

from keras_nn.models import TransformerSeq2Seq
from keras_nn.testing import check_model

TINY = {
    "vocabulary_size": 7,
    "num_layers": 1,
    "num_heads": 2,
    "width": 8,
    "hidden_dim": 12,
    "dropout": 0.0,
}
IDS = {
    "source": 1 + np.arange(24).reshape(4, 6) % 6,
    "target": 1 + np.arange(20).reshape(4, 5) % 6,
}


@pytest.mark.slow
def test_conformance():
    check_model(TransformerSeq2Seq, TINY, IDS, (4, 5, 7), epochs=15)


def test_one_table_or_two_and_a_head():
    def tables(**kwargs):
        weights = TransformerSeq2Seq(**{**TINY, **kwargs}).weights
        shapes = [tuple(weight.shape) for weight in weights]
        return sorted(shape for shape in shapes if {7, 9} & {*shape})

    assert tables() == [(7, 8)]
    assert tables(target_vocabulary_size=9) == [(7, 8), (9, 8)]
    assert tables(tie_weights=False) == [(7, 8), (8, 7)]


def test_base_has_as_many_weights_as_in_the_paper():
    model = TransformerSeq2Seq.from_preset("transformer-base")
    # 65 million by the paper; 44.1 million in blocks, 18.9 in the table.
    assert model.count_params() == 44_138_496 + 37_000 * 512


def test_refuses():
    with pytest.raises(ValueError, match="positions='rotary'"):
        TransformerSeq2Seq(**TINY, positions="rotary")
    with pytest.raises(ValueError, match="num_heads=3, features=8"):
        TransformerSeq2Seq(**{**TINY, "num_heads": 3})
    with pytest.raises(ValueError, match="Received: width=0"):
        TransformerSeq2Seq(**{**TINY, "width": 0})

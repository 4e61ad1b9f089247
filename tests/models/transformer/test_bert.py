import numpy as np
import pytest

from keras_nn.models import BERT
from keras_nn.testing import check_model

SIZES = {
    "vocabulary_size": 11,
    "context_length": 8,
    "num_layers": 1,
    "num_heads": 2,
    "width": 4,
    "dropout": 0.0,
}
IDS = np.array([[3, 4, 5, 6, 0, 0], [7, 8, 9, 10, 1, 2], [1, 2, 0, 0, 0, 0]])


@pytest.mark.slow
def test_conformance():
    arguments = {**SIZES, "head": "masked_lm"}
    check_model(BERT, arguments, IDS, (3, 6, 11), export=False)


@pytest.mark.parametrize("head", [None, "pooled"])
def test_padding_changes_nothing(head):
    model = BERT(**SIZES, head=head)
    short = np.asarray(model(IDS[:1, :4]))
    long = np.asarray(model(IDS[:1]))
    if head is None:
        long = long[:, :4]
    np.testing.assert_allclose(long, short, atol=1e-5)


def test_segments_tell_two_sentences_apart():
    model = BERT(**SIZES, segments=True)
    plain = BERT(**SIZES)
    plain.set_weights(model.get_weights())
    inputs = {"ids": IDS, "segments": np.zeros_like(IDS)}
    first = np.asarray(model(inputs))
    np.testing.assert_allclose(first, plain(IDS), atol=1e-6)
    inputs["segments"] = np.ones_like(IDS)
    assert np.abs(np.asarray(model(inputs)) - first).max() > 1e-4


@pytest.mark.parametrize(
    "preset, published",
    [("bert-base", 109_482_240), ("distilbert-base", 66_362_880)],
)
def test_published_sizes(preset, published):
    pooled = "pooled" if preset == "bert-base" else None
    arguments = {**BERT.presets[preset], "num_layers": 1, "head": pooled}
    model = BERT(**arguments)
    blocks = BERT.presets[preset].get("num_layers", 12)
    block = model.get_layer("block_0").count_params()
    assert model.count_params() + (blocks - 1) * block == published


def test_wrong_arguments_are_refused():
    with pytest.raises(ValueError, match="Received: width=0"):
        BERT(**{**SIZES, "width": 0})
    with pytest.raises(ValueError, match="`head` must be one of"):
        BERT(**SIZES, head="lm")
    with pytest.raises(ValueError, match="Received: num_segments=1"):
        BERT(**SIZES, num_segments=1, segments=True)

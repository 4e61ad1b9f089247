import numpy as np
import pytest

from keras_nn.metrics import BitsPerByte
from keras_nn.testing import check_metric

LABELS = np.array([[0, 3, -1], [2, -1, -1], [1, 1, 0]])
LOGITS = np.random.default_rng(0).normal(size=(3, 3, 4)).astype("float32")


def test_conformance():
    check_metric(BitsPerByte, {"token_bytes": [1, 2, 3, 4]}, LABELS, LOGITS)


def test_counts_bytes_not_tokens():
    in_bytes, in_tokens = BitsPerByte([2, 2, 2, 2]), BitsPerByte()
    for metric in (in_bytes, in_tokens):
        metric.update_state(LABELS, LOGITS)
    assert float(in_bytes.result()) == pytest.approx(
        float(in_tokens.result()) / 2
    )
    nats = np.log(np.exp(LOGITS).sum(-1)) - np.take_along_axis(
        LOGITS, LABELS[..., None] % 4, -1
    ).squeeze(-1)
    expected = nats[LABELS >= 0].mean() / np.log(2)
    assert float(in_tokens.result()) == pytest.approx(expected, rel=1e-5)


def test_refuses_a_vocabulary_without_bytes():
    with pytest.raises(ValueError, match=r"Received: token_bytes=\[0, 0\]"):
        BitsPerByte([0, 0])

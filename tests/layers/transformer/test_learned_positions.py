import numpy as np
import pytest

from keras_nn.layers import LearnedPositions
from keras_nn.testing import check_layer


def test_conformance():
    check_layer(LearnedPositions, {"context_length": 5}, (3, 5, 4))


def test_adds_the_vector_of_the_place():
    layer = LearnedPositions(6)
    x = np.ones((2, 3, 4), "float32")
    received = np.array(layer(x))
    table = np.array(layer.embeddings)
    np.testing.assert_allclose(received, x + table[:3])
    shifted = np.array(layer(x, positions=[[3, 4, 5], [0, 0, 1]]))
    np.testing.assert_allclose(shifted[0], x[0] + table[3:])
    np.testing.assert_allclose(shifted[1], x[1] + table[[0, 0, 1]])


def test_refuses_more_tokens_than_places():
    with pytest.raises(ValueError, match="Received: 7 tokens"):
        LearnedPositions(6)(np.ones((1, 7, 4)))
    with pytest.raises(ValueError, match="Received: context_length=0"):
        LearnedPositions(0)

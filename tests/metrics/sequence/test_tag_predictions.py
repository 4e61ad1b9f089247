import numpy as np
import pytest
from keras import ops

from keras_nn.metrics.sequence.tag_predictions import tag_predictions


def test_the_best_score_and_the_best_path():
    scores = np.array([[[0.0, 1.0], [2.0, 1.0]]])
    assert ops.convert_to_numpy(tag_predictions(scores)).tolist() == [[1, 0]]
    chain = np.zeros((1, 2, 2, 2))
    chain[0, 1, 1, 0] = 1.0  # 1, then 0
    assert ops.convert_to_numpy(tag_predictions(chain)).tolist() == [[1, 0]]
    tags = np.array([[1, 0]])
    assert ops.convert_to_numpy(tag_predictions(tags)).tolist() == [[1, 0]]


def test_another_rank_is_refused():
    with pytest.raises(ValueError, match=r"Received: shape \(2,\)"):
        tag_predictions(np.zeros(2))

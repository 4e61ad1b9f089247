import numpy as np
import pytest
from keras import ops

from keras_nn.layers import CRF
from keras_nn.testing import check_layer


@pytest.mark.parametrize("use_boundary", [True, False])
def test_conformance(use_boundary):
    check_layer(CRF, {"use_boundary": use_boundary}, (3, 5, 4))


def test_scores_of_pairs_add_up_as_the_equation_says():
    layer = CRF(transition_initializer="normal")
    emissions = np.random.default_rng(0).normal(size=(1, 3, 2))
    scores = ops.convert_to_numpy(layer(emissions.astype("float32")))[0]
    transitions, start, end = layer.get_weights()
    expected = emissions[0, :, None] + transitions
    expected[0] = emissions[0, 0] + start
    expected[2] += end
    np.testing.assert_allclose(scores, expected, rtol=1e-5)


def test_the_end_is_where_the_tokens_end():
    layer = CRF(transition_initializer="normal")
    emissions = np.random.default_rng(0).normal(size=(2, 5, 3))
    emissions = emissions.astype("float32")
    mask = np.arange(5)[None] < np.array([[3], [5]])
    masked = layer(emissions, mask=mask)
    total = ops.convert_to_numpy(_likelihood(masked))
    short = ops.convert_to_numpy(_likelihood(layer(emissions[:1, :3])))
    full = ops.convert_to_numpy(_likelihood(layer(emissions[1:])))
    np.testing.assert_allclose(total, [short[0], full[0]], rtol=1e-5)


def _likelihood(scores):
    from keras_nn.ops import log_partition

    return log_partition(scores)


def test_an_unknown_number_of_tags_is_refused():
    with pytest.raises(ValueError, match="number of tags must be known"):
        CRF().build((None, 5, None))

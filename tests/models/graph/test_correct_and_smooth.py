import pytest

from keras_nn.models import correct_and_smooth
from keras_nn.testing.numbers import assert_close


@pytest.mark.parametrize("scale", [None, 1.3])
def test_equals_pyg(scale, recorded, golden_pack):
    packs = golden_pack("node_features", "edge_index")
    graph = {key: packs[key][0] for key in ("node_features", "edge_index")}
    y, known = recorded["labels"], recorded["known"] > 0
    scores = recorded["scores"]
    better = correct_and_smooth(graph, scores, y, known, 5, 0.8, 4, 0.7, scale)
    assert_close(
        better, recorded[f"correct_and_smooth_{scale}/output"], "scores"
    )


def test_refuses_no_label():
    graph = {"node_features": [[1.0]], "edge_index": []}
    with pytest.raises(ValueError, match="none of them True"):
        correct_and_smooth(graph, [[0.5, 0.5]], [1], [False])

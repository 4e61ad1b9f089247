import numpy as np

from keras_nn.data.graphs import normalize_features


def test_rows_sum_to_one_where_they_can():
    features = np.array([[1, 3], [0, 0], [-2, 1]], "float32")
    graph = normalize_features({"node_features": features, "edge_index": []})
    np.testing.assert_allclose(graph["node_features"].sum(1), [1, 0, 1])
    assert features[0, 1] == 3

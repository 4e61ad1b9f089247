import numpy as np

from keras_nn.layers import GraphAttention
from keras_nn.layers.graph.flat_graph import FlatGraph


def test_attention_over_what_arrives_sums_to_one(packs):
    layer = GraphAttention(3, heads=2)
    graph = FlatGraph.of(packs()).with_self_loops()
    scores = np.random.default_rng(0).normal(size=(20, 2)).astype("float32")
    attention = np.array(layer.softmax(graph, scores, training=False))
    total = np.zeros((11, 2))
    np.add.at(total, np.array(graph.target), attention[..., 0])
    np.testing.assert_allclose(total[:10], 1, rtol=1e-5)
    assert not total[10].any()


def test_heads_are_joined_or_averaged(packs):
    shape = {"node_features": (None, 5, 3)}
    assert GraphAttention(3, heads=2).compute_output_shape(shape)[-1] == 6
    averaged = GraphAttention(3, heads=2, concatenate=False)
    assert averaged.compute_output_shape(shape)[-1] == 3

import numpy as np
import pytest

from keras_nn.layers import SetAbstraction
from keras_nn.testing import check_layer

SMALL = {"points": 3, "radius": 1.5, "units": [4, 5], "max_neighbors": 5}


@pytest.mark.slow
def test_conformance(packs, replicas_agree):
    graph = packs("node_positions", "node_mask")
    del graph["edge_index"]
    check_layer(SetAbstraction, SMALL, graph, replicas=False)
    replicas_agree(lambda: SetAbstraction(**SMALL), graph)


def test_equals_a_loop_over_balls_and_leaves_padding_out(packs):
    graph = packs("node_positions", "node_mask")
    layer = SetAbstraction(**SMALL)
    y = {k: np.asarray(v) for k, v in layer(graph).items()}
    for pack, count in ((0, 4), (1, 5)):
        p = graph["node_positions"][pack, :count]
        x = graph["node_features"][pack, :count]
        chosen = [0]
        while len(chosen) < 3:
            apart = ((p[:, None] - p[chosen]) ** 2).sum(-1).min(axis=1)
            chosen.append(int(apart.argmax()))
        np.testing.assert_allclose(y["node_positions"][pack], p[chosen])
        for index, centre in enumerate(chosen):
            offset = p - p[centre]
            near = (offset**2).sum(-1) <= 1.5**2
            z = np.concatenate([x, offset], axis=1)[near]
            for dense in layer.mlp:
                z = z @ np.asarray(dense.kernel) + np.asarray(dense.bias)
                z = np.maximum(z, 0)
            np.testing.assert_allclose(
                y["node_features"][pack, index], z.max(axis=0), atol=1e-5
            )
    assert y["node_mask"].all()


def test_a_small_cloud_has_fewer_points():
    cloud = {"node_positions": np.ones((1, 2, 3), "float32")}
    y = SetAbstraction(4, 1.0, [2])(cloud)
    assert np.asarray(y["node_mask"]).tolist() == [[True, True, False, False]]


def test_refuses_no_radius():
    with pytest.raises(ValueError, match="radius=0"):
        SetAbstraction(4, 0, [2])

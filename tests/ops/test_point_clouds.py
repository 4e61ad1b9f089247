import numpy as np

from keras_nn.ops import ball_neighbors
from keras_nn.ops import farthest_points

RANDOM = np.random.default_rng(0)
CLOUDS = RANDOM.normal(size=(2, 7, 3)).astype("float32")
MASK = np.arange(7) < np.array([[7], [2]])


def test_padding_is_never_chosen():
    ids, there = map(np.asarray, farthest_points(CLOUDS, 3, MASK))
    assert there.tolist() == [[True] * 3, [True, True, False]]
    assert ids[1, :2].tolist() == [0, 1]


def test_balls_hold_what_is_near():
    ids, there = ball_neighbors(CLOUDS, CLOUDS[:, :2], 1.5, 9, MASK)
    ids, there = np.asarray(ids), np.asarray(there)
    distance = np.linalg.norm(CLOUDS[:, :2, None] - CLOUDS[:, None], axis=-1)
    for cloud in range(2):
        for centre in range(2):
            expected = np.flatnonzero(
                (distance[cloud, centre] <= 1.5) & MASK[cloud]
            )
            found = ids[cloud, centre][there[cloud, centre]]
            assert sorted(found) == expected.tolist()
            assert found[0] == centre  # the nearest first

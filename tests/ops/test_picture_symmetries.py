import numpy as np
import pytest
from keras import ops

from keras_nn.ops import turned
from keras_nn.ops import turned_back

PICTURE = np.random.default_rng(0).normal(size=(2, 3, 4, 2))


def test_all_eight_are_drawn_and_undone():
    seen = set()
    square = PICTURE[:1, :3, :3, :1]
    for view in range(8):
        back = turned_back(turned(PICTURE, view), view)
        np.testing.assert_array_equal(ops.convert_to_numpy(back), PICTURE)
        seen.add(ops.convert_to_numpy(turned(square, view)).tobytes())
    every = [np.rot90(square[0], k) for k in range(4)]
    every += [picture[:, ::-1] for picture in every]
    assert seen == {picture.astype("float64").tobytes() for picture in every}


def test_the_first_four_keep_the_shape():
    shapes = [turned(PICTURE, view).shape[1:3] for view in range(8)]
    assert [*map(tuple, shapes)] == [(3, 4)] * 4 + [(4, 3)] * 4
    with pytest.raises(ValueError, match="0 to 7. Received: view=8"):
        turned(PICTURE, 8)

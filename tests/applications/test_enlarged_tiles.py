import numpy as np
import pytest

from keras_nn.applications.enlarged_tiles import enlarge_in_tiles
from keras_nn.models import EDSR

RNG = np.random.default_rng(0)


def test_parts_equal_the_whole_where_the_margin_suffices():
    model = EDSR(scale=3, filters=3, num_blocks=1)
    picture = RNG.normal(size=(23, 17, 3)).astype("float32")
    whole = np.asarray(model(picture[None]))[0]
    said = enlarge_in_tiles(lambda x: model(x), picture, 3, tile=9, margin=6)
    np.testing.assert_allclose(said, whole, atol=1e-5)
    narrow = enlarge_in_tiles(lambda x: model(x), picture, 3, tile=9, margin=0)
    assert np.abs(narrow - whole).max() > 1e-3


def test_refuses_no_tile():
    with pytest.raises(ValueError, match="Received: tile=0"):
        enlarge_in_tiles(None, np.zeros((4, 4, 1)), 2, tile=0)

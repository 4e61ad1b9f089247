import numpy as np
import pytest

from keras_nn.models import ESPCN
from keras_nn.testing import check_model

SMALL = {"filters": [4, 3]}


def test_conformance():
    check_model(
        ESPCN,
        {"input_shape": (6, 5, 3), "scale": 2, **SMALL},
        (3, 6, 5, 3),
        (3, 12, 10, 3),
    )


@pytest.mark.parametrize("scale", [2, 3, 4])
def test_enlarges_pictures_of_any_size(scale):
    model = ESPCN(scale=scale, **SMALL)
    assert model.output_shape == (None, None, None, 3)
    for height, width in ((5, 7), (6, 4)):
        y = model(np.zeros((1, height, width, 3)))
        assert y.shape == (1, scale * height, scale * width, 3)


def test_size_is_that_of_the_paper():
    # 5-3-3 to 9 channels, without biases 22,624.
    model = ESPCN((None, None, 1), scale=3)
    assert model.count_params() == 22_624 + 64 + 32 + 9


def test_refuses_no_scale():
    with pytest.raises(ValueError, match="Received: scale=0"):
        ESPCN(scale=0)

import numpy as np
import pytest

from keras_nn.models import SRCNN
from keras_nn.testing import check_model

SMALL = {"filters": [4, 3], "kernel_sizes": [3, 1, 3]}


def test_conformance():
    # Replicas and XLA are asked of ESPCN, of the same layers.
    check_model(
        SRCNN,
        {"input_shape": (6, 5, 3), "scale": 2, **SMALL},
        (3, 6, 5, 3),
        (3, 12, 10, 3),
        jit=False,
        replicas=False,
    )


@pytest.mark.parametrize("scale", [2, 3, 4])
def test_enlarges_pictures_of_any_size(scale):
    model = SRCNN(scale=scale, **SMALL)
    assert model.output_shape == (None, None, None, 3)
    for height, width in ((5, 7), (6, 4)):
        y = model(np.zeros((1, height, width, 3)))
        assert y.shape == (1, scale * height, scale * width, 3)


def test_size_is_that_of_the_paper():
    # 9-5-5 on one channel, section 4.1, without biases 57,184.
    model = SRCNN((None, None, 1), scale=3)
    assert model.count_params() == 57_184 + 64 + 32 + 1


def test_refuses_kernels_that_do_not_fit():
    with pytest.raises(ValueError, match="one entry more"):
        SRCNN(kernel_sizes=(3, 3))

import numpy as np
import pytest

from keras_nn.layers import EvoNorm2DS0
from keras_nn.testing import check_layer

X = np.random.default_rng(0).normal(size=(2, 3, 4, 4)).astype("float32")


@pytest.mark.slow
def test_conformance():
    check_layer(EvoNorm2DS0, {"groups": 2}, (2, 3, 4, 4))


def test_a_picture_does_not_depend_on_its_batch():
    layer = EvoNorm2DS0(2)
    np.testing.assert_allclose(layer(X)[:1], layer(X[:1]), atol=1e-6)


def test_refuses_groups_that_do_not_divide():
    with pytest.raises(ValueError, match="groups=3"):
        EvoNorm2DS0(3)(X)
    with pytest.raises(ValueError, match="groups=0"):
        EvoNorm2DS0(0)

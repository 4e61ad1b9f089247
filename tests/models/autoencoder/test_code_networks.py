import pytest

from keras_nn.losses import BernoulliNLL
from keras_nn.losses import GaussianNLL
from keras_nn.models import DenseDecoder
from keras_nn.models import DenseEncoder
from keras_nn.models.autoencoder.code_networks import check_code_networks


def networks(units=4, **kwargs):
    encoder = DenseEncoder((2, 2, 1), units, [4], **kwargs)
    return encoder, DenseDecoder(2, (2, 2, 1), [4], **kwargs)


@pytest.mark.parametrize("num_classes", [None, 3])
def test_says_the_shapes_of_networks_that_fit(num_classes):
    pair = networks(num_classes=num_classes)
    found = check_code_networks(*pair, BernoulliNLL(), num_classes)
    assert found == ((2, 2, 1), 2)


def test_refuses_networks_that_do_not_fit():
    with pytest.raises(ValueError, match="Received: 6 and 2 units"):
        check_code_networks(*networks(6), BernoulliNLL(), None)
    with pytest.raises(ValueError, match=r"must say \(2, 2, 2\)"):
        check_code_networks(*networks(), GaussianNLL(), None)
    with pytest.raises(ValueError, match="take dicts of.*num_classes=3"):
        check_code_networks(*networks(), BernoulliNLL(), 3)

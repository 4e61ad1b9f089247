import pytest

from keras_nn.models import DCGANDiscriminator
from keras_nn.models import DCGANGenerator
from keras_nn.models.gan.gan_networks import check_networks


def test_networks_that_do_not_fit_are_told_apart():
    generator = DCGANGenerator(3, (4, 4, 1), [4])
    judge = DCGANDiscriminator((4, 4, 1), [4])
    check_networks(generator, judge, None, 0, False)
    with pytest.raises(ValueError, match="must say 3 numbers.*Received: 1"):
        check_networks(generator, judge, None, 2, False)
    with pytest.raises(ValueError, match="takes a dict of `noise`"):
        check_networks(generator, judge, 3, 0, False)

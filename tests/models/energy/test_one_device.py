import pytest

from keras_nn.models import DBN
from keras_nn.models import RBM
from keras_nn.models import HopfieldNetwork
from keras_nn.models.energy.one_device import check_one_device


class Strategy:
    def __init__(self, replicas):
        self.num_replicas_in_sync = replicas


def test_what_keeps_chains_is_refused_on_replicas():
    kept = [
        RBM((2,), 2, method="pcd"),
        DBN([RBM((2,), 2, method="tempering")], 1),
        HopfieldNetwork((2,)),
    ]
    for model in kept:
        check_one_device(model, Strategy(1))
        with pytest.raises(ValueError, match="on one device.*2 replicas"):
            check_one_device(model, Strategy(2))
    check_one_device(RBM((2,), 2), Strategy(2))

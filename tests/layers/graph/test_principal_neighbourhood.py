import numpy as np
import pytest

from keras_nn.layers import PrincipalNeighbourhood
from keras_nn.testing import check_layer


@pytest.mark.slow
def test_conformance(packs):
    arguments = {"units": 4, "average_log_degree": 0.8, "activation": "tanh"}
    check_layer(PrincipalNeighbourhood, arguments, packs())


def test_equals_pyg(equals_pyg, golden):
    degree = np.bincount(golden("edge_index")["edge_index"][:, 1], minlength=9)
    average = float(np.mean(np.log(degree + 1)))
    layer = PrincipalNeighbourhood(3, average)
    equals_pyg(layer, "principal_neighbourhood")


def test_refuses_no_degree():
    with pytest.raises(ValueError, match="Received: average_log_degree=0"):
        PrincipalNeighbourhood(3, 0)

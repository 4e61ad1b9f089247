import numpy as np

from keras_nn.layers import Radial
from keras_nn.testing import check_layer


def test_conformance():
    check_layer(
        Radial,
        {},
        (3, 4),
        replicas=False,
        mask=False,
        jit=False,
        output_dtype="float32",
    )


def test_runs_backwards_and_knows_its_volume(check_flow):
    check_flow(Radial(), "rows")


def test_a_strength_above_zero_pushes_away():
    layer = Radial()
    x = np.array([[1.0, 0.0]], "float32")
    layer(x)
    layer.centre.assign([0.0, 0.0])
    layer.strength.assign(5.0)
    z, _ = layer(x)
    assert float(z[0, 0]) > 1.5 and float(z[0, 1]) == 0.0

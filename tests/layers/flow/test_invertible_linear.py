import numpy as np

from keras_nn.layers import InvertibleLinear
from keras_nn.testing import check_layer


def test_conformance():
    check_layer(
        InvertibleLinear,
        {},
        (3, 4),
        replicas=False,
        mask=False,
        output_dtype="float32",
    )


def test_runs_backwards_and_knows_its_volume(check_flow):
    check_flow(InvertibleLinear(), "pictures")


def test_begins_as_a_permutation():
    x = np.arange(6, dtype="float32")[None]
    z, log_det = InvertibleLinear()(x)
    assert sorted(np.asarray(z)[0].tolist()) == [0, 1, 2, 3, 4, 5]
    assert float(log_det[0]) == 0.0
    z, _ = InvertibleLinear()(x[:, :2])
    assert np.asarray(z)[0].tolist() == [1, 0]

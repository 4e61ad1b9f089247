import numpy as np
import pytest

from keras_nn.layers import Planar
from keras_nn.testing import check_layer


def test_conformance():
    check_layer(
        Planar,
        {"iterations": 30},
        (3, 4),
        replicas=False,
        mask=False,
        jit=False,
        output_dtype="float32",
    )


def test_runs_backwards_and_knows_its_volume(check_flow):
    check_flow(Planar(), "rows")


def test_is_one_to_one_where_the_raw_push_would_fold_space():
    layer = Planar()
    x = np.linspace(-3, 3, 101, dtype="float32")[:, None]
    layer(x)
    layer.along.assign([2.0])
    layer.push.assign([-5.0])  # w . u = -10, below -1
    assert (np.diff(np.asarray(layer(x)[0])[:, 0]) > 0).all()


def test_refuses_no_iteration():
    with pytest.raises(ValueError, match="`iterations` must be positive"):
        Planar(0)

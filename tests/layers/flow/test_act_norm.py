import numpy as np

from keras_nn.layers import ActNorm
from keras_nn.testing import check_layer


def test_conformance():
    check_layer(
        ActNorm, {}, (3, 4), replicas=False, mask=False, output_dtype="float32"
    )


def test_runs_backwards_and_knows_its_volume(check_flow):
    check_flow(ActNorm(), "pictures")


def test_adapting_standardises_and_leaves_what_never_varies():
    x = np.random.default_rng(0).normal(5, 3, (200, 2, 3)).astype("float32")
    x[..., 2] = 7.0
    layer = ActNorm()
    layer.build(x.shape)
    layer.adapt(x)
    z = np.asarray(layer(x)[0])
    np.testing.assert_allclose(z.mean((0, 1)), 0, atol=1e-5)
    np.testing.assert_allclose(z.std((0, 1)), [1, 1, 0], atol=1e-5)

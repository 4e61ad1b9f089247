import numpy as np
from keras import ops

from keras_nn.ops import lovasz_extension
from keras_nn.ops.lovasz_gradient import lovasz_gradient


def test_sums_to_the_loss_of_getting_everything_wrong():
    truth = ops.convert_to_tensor([[1.0, 0.0, 1.0, 0.0], [0.0] * 4])
    np.testing.assert_allclose(ops.sum(lovasz_gradient(truth), -1), [1, 1])


def test_equal_errors_give_back_that_error():
    truth = np.array([[1.0, 0.0, 1.0], [0.0, 0.0, 0.0]], "float32")
    errors = np.full(truth.shape, 0.3, "float32")
    np.testing.assert_allclose(
        lovasz_extension(errors, truth), [0.3, 0.3], rtol=1e-6
    )


def test_the_order_of_places_does_not_matter():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 20).astype("float32")
    errors, order = rng.random(20).astype("float32"), rng.permutation(20)
    np.testing.assert_allclose(
        lovasz_extension(errors, truth),
        lovasz_extension(errors[order], truth[order]),
        rtol=1e-5,
    )

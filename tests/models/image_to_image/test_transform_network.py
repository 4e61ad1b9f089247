import numpy as np
import pytest

from keras_nn.models import TransformNetwork
from keras_nn.testing import check_model

X = np.random.default_rng(0).uniform(0, 255, (3, 16, 16, 3)).astype("float32")


@pytest.mark.slow
def test_conformance():
    check_model(
        TransformNetwork,
        {"input_shape": (16, 16, 3), "filters": 2, "num_blocks": 1},
        X,
        X[::-1],
        # Squares of 255 overflow in half precision for the first steps.
        compile_kwargs={"loss": "mean_absolute_error"},
        jit=False,
        replicas=False,  # 8 s for layers that are checked by themselves
    )


def test_is_that_of_johnson_and_takes_any_size():
    model = TransformNetwork()
    # 9x9x3x32, two of stride 2, 5 blocks of two 3x3x128x128, two of 3x3 that
    # enlarge, 9x9x32x3; two numbers a normalised channel, three biases.
    convs = 2 * 7776 + 18432 + 73728 + 10 * 147456 + 73728 + 18432
    norms = 2 * (32 + 64 + 128 + 10 * 128 + 64 + 32)
    assert model.count_params() == convs + norms + 3
    small = TransformNetwork(filters=2, num_blocks=1)
    for shape in ((1, 16, 20, 3), (2, 24, 16, 3)):
        y = small.predict_on_batch(np.zeros(shape))
        assert y.shape == shape and y.min() >= 0 and y.max() <= 255


def test_a_residual_network_draws_what_changes():
    model = TransformNetwork(filters=2, num_blocks=1, residual=True)
    kernel, bias = model.get_layer("head_conv").get_weights()
    model.get_layer("head_conv").set_weights([0 * kernel, bias + 0.5])
    expected = 127.5 * (1 + np.tanh(X / 127.5 - 1 + 0.5))
    np.testing.assert_allclose(model(X), expected, rtol=1e-4)
    assert TransformNetwork.from_config(model.get_config()).residual


def test_refuses_sizes_that_do_not_come_back():
    with pytest.raises(ValueError, match="multiples of 4. Received"):
        TransformNetwork(input_shape=(18, 16, 3))
    with pytest.raises(ValueError, match="Received: filters=0"):
        TransformNetwork(filters=0)

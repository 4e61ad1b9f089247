import pytest

from keras_nn.ops import deep_norm


def test_constants_of_the_paper():
    found = deep_norm(6, 6)
    assert found["encoder"]["residual_scale"] == pytest.approx(1.4179, abs=1e-3)
    assert found["encoder"]["branch_gain"] == pytest.approx(0.4970, abs=1e-3)
    assert found["decoder"]["residual_scale"] == pytest.approx(18**0.25)
    assert deep_norm(decoder_layers=100)["decoder"] == {
        "residual_scale": 200**0.25,
        "branch_gain": 800**-0.25,
    }
    with pytest.raises(ValueError, match="encoder_layers=0"):
        deep_norm()

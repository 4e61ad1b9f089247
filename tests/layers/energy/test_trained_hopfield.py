import pytest

from keras_nn.layers import HopfieldLayer
from keras_nn.layers import HopfieldPooling


@pytest.mark.parametrize("cls", [HopfieldLayer, HopfieldPooling])
def test_hands_its_arguments_to_the_layer_inside(cls):
    layer = cls(3, 4, 6, num_heads=2, beta=0.5, update_steps_max=2)
    inside = layer.hopfield.get_config()
    for name, value in layer.get_config().items():
        if name not in ("name", "trainable", "dtype", "quantity"):
            assert inside[name] == value


@pytest.mark.parametrize("cls", [HopfieldLayer, HopfieldPooling])
def test_refuses_no_patterns(cls):
    with pytest.raises(ValueError, match="must be positive.*quantity=0"):
        cls(0)

import keras
import pytest
from keras import layers

from keras_nn.explain import find_last_convolution
from keras_nn.explain.find_last_convolution import is_convolutional


class TokensOfPatches(layers.Layer):
    """A layer that holds a convolution and gives a list of tokens."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.patches = layers.Conv2D(3, 4, strides=4)

    def call(self, inputs):
        return keras.ops.reshape(self.patches(inputs), (-1, 4, 3))


@pytest.mark.parametrize(
    ("kind", "shape"),
    [
        (layers.Conv1D, (9, 2)),
        (layers.Conv2D, (9, 9, 2)),
        (layers.Conv3D, (9, 9, 9, 2)),
        (layers.SeparableConv2D, (9, 9, 2)),
    ],
)
def test_finds_the_one_nearest_to_the_outputs(kind, shape):
    model = keras.Sequential(
        [
            keras.Input(shape),
            kind(3, 3, name="first"),
            kind(3, 3, name="last"),
            layers.ReLU(),
            layers.Flatten(),
            layers.Dense(2),
        ]
    )
    assert find_last_convolution(model).name == "last"


def test_a_layer_that_holds_a_convolution_counts():
    inner = keras.Sequential([keras.Input((9, 9, 1)), layers.Conv2D(2, 3)])
    assert is_convolutional(inner)
    assert not is_convolutional(layers.Dense(2))
    model = keras.Sequential([inner, layers.Flatten()])
    assert find_last_convolution(model) is inner


def test_a_list_of_tokens_has_no_positions_of_a_picture():
    tokens = TokensOfPatches()
    model = keras.Sequential(
        [keras.Input((8, 8, 1)), tokens, layers.Flatten(), layers.Dense(2)]
    )
    with pytest.raises(ValueError, match="Received: .*TokensOfPatches"):
        find_last_convolution(model)


def test_rejects_a_model_without_one():
    model = keras.Sequential([keras.Input((3,)), layers.Dense(2)])
    with pytest.raises(ValueError, match=r"Received: .*\['Dense'"):
        find_last_convolution(model)

import keras

from keras_nn.models.gan.saved_parts import deserialized
from keras_nn.models.gan.saved_parts import serialized


def test_parts_are_made_again():
    class Model:
        layer = keras.layers.Dense(3)
        name = "hinge"

    config = serialized(Model(), ("layer", "name"))
    made = deserialized({**config, "more": 1}, ("layer", "name", "absent"))
    assert made["layer"].units == 3 and made["name"] == "hinge"
    assert made["more"] == 1 and "absent" not in made

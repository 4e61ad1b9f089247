import keras
import pytest

from keras_nn.models.detection.detector import Detector


class OneBox(Detector):
    """A box for the whole picture, of what a backbone says."""

    def __init__(self, backbone, num_classes, dtype=None, **kwargs):
        images = backbone.input
        said = keras.layers.Dense(4 + num_classes, name="said")
        outputs = said(keras.layers.Flatten()(backbone.output))
        super().__init__(
            images, outputs, backbone, num_classes, dtype, **kwargs
        )


def backbone():
    images = keras.Input((6, 8, 1))
    return keras.Model(images, keras.layers.AveragePooling2D(2)(images))


def test_knows_its_pictures_and_its_backbone():
    inner = backbone()
    network = OneBox(inner, 3)
    assert network.backbone is inner
    assert network.image_size == (6, 8)
    assert network.output_shape == (None, 7)
    again = OneBox.from_config(network.get_config())
    assert again.num_classes == 3 and again.output_shape == (None, 7)
    assert again.backbone.output_shape == (None, 3, 4, 1)


@pytest.mark.parametrize("name, given", [("objective", 0), ("candidates", 1)])
def test_a_subclass_must_say_what_it_learns_and_finds(name, given):
    method = getattr(OneBox(backbone(), 1), name)
    with pytest.raises(NotImplementedError, match=f"OneBox must.*`{name}`"):
        method(*[None] * given)

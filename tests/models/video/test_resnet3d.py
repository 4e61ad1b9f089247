import numpy as np
import pytest

from keras_nn.models import ResNet3D
from keras_nn.testing import check_model

SMALL = {
    "input_shape": (4, 8, 8, 2),
    "classes": 3,
    "classifier_activation": None,
    "num_blocks": [1, 1],
    "num_filters": [3, 4],
    "stem_width": 3,
}


def test_conformance():
    one = {"num_blocks": [1], "num_filters": [4], "kinds": ["2plus1d"]}
    check_model(
        ResNet3D,
        {**SMALL, **one, "stem": "2plus1d"},
        (3, 4, 8, 8, 2),
        (3, 3),
        jit=False,
        replicas=False,
    )


@pytest.mark.parametrize(
    ("preset", "count"),
    [
        ("r3d_18", 33_371_472),
        ("r2plus1d_18", 31_505_325),
        ("mc3_18", 11_695_440),
    ],
)
def test_presets_have_the_weights_of_torchvision(preset, count):
    model = ResNet3D.from_preset(preset, input_shape=(None, None, None, 3))
    trained = sum(np.prod(w.shape) for w in model.trainable_weights)
    assert trained == count


def test_frames_and_sides_halve_from_stage_to_stage():
    arguments = {**SMALL, "input_shape": (8, 32, 32, 3)}
    maps = ResNet3D(False, kinds=["3d", "3d"], **arguments)
    assert maps.output_shape == (None, 4, 8, 8, 4)
    flat = ResNet3D(False, kinds=["3d", "2d"], **arguments)
    assert flat.output_shape == (None, 8, 8, 8, 4)
    pooled = ResNet3D(False, pooling="max", kinds=["3d", "2d"], **arguments)
    assert pooled.output_shape == (None, 4)


def test_refuses_what_it_cannot_be():
    with pytest.raises(ValueError, match="one entry a stage"):
        ResNet3D(kinds=("3d",))
    with pytest.raises(ValueError, match="must be of .*Received"):
        ResNet3D(kinds=("3d", "3d", "3d", "4d"))

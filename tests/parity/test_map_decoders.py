"""Segmentation decoders against PyTorch's layers (record_map_decoders.py)."""

from pathlib import Path

import keras
import numpy as np
import pytest

from keras_nn import models

GOLDEN = np.load(Path(__file__).parent / "map_decoders.npz")


class MeansOverSquares:
    """A backbone whose maps are means over squares of the picture."""

    strides = [1, 2, 4]

    def features_only(self, strides):
        pictures = keras.Input((16, 24, 5))
        maps = [
            keras.layers.AveragePooling2D(stride, data_format="channels_last")(
                pictures
            )
            for stride in strides
        ]
        return keras.Model(pictures, maps)


DECODERS = {
    "fpn": (
        models.FPN,
        {"pyramid_filters": 6, "filters": 4, "norm_groups": 2},
    ),
    "pspnet": (models.PSPNet, {"strides": [2], "filters": 4}),
    "deeplab": (
        models.DeepLabV3Plus,
        {"strides": [1, 4], "rates": [1, 2], "filters": 4, "fine_filters": 3},
    ),
    "segformer": (models.SegFormer, {"filters": 4}),
}


@pytest.mark.parametrize("name", DECODERS)
def test_equals_the_equations_in_torch(name):
    cls, arguments = DECODERS[name]
    arguments = {"strides": [1, 2, 4], **arguments}
    model = cls(MeansOverSquares(), include_top=False, **arguments)
    prefix = f"{name}/weights/"
    values = {
        key.removeprefix(prefix): GOLDEN[key]
        for key in GOLDEN.files
        if key.startswith(prefix)
    }
    for weight in model.weights:
        # "map/conv/kernel" and "map/norm/gamma" are one layer's.
        parts = weight.path.split("/")
        parts = [p for p in parts if p not in ("conv", "norm")]
        weight.assign(values.pop("/".join(parts)))
    assert not values
    output = model.predict(GOLDEN["picture"], verbose=0)
    expected = GOLDEN[f"{name}/output"]
    np.testing.assert_allclose(output, expected, rtol=1e-5, atol=1e-5)

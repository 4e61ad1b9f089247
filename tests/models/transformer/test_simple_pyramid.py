import keras
import numpy as np
import pytest

from keras_nn.models import FPN
from keras_nn.models import SimplePyramid
from keras_nn.models import VisionTransformer
from keras_nn.testing import check_model


def backbone():
    return VisionTransformer(
        include_top=False,
        input_shape=(16, 16, 3),
        patch_size=8,
        hidden_dim=8,
        num_layers=1,
        num_heads=2,
    )


@pytest.mark.slow
def test_conformance():
    def arguments():
        return {"backbone": backbone(), "filters": 4, "factors": [2, 0.5]}

    check_model(SimplePyramid, arguments, (3, 16, 16, 3), fit=False)


def test_knows_its_maps_by_stride_and_stands_under_a_decoder(tmp_path):
    pyramid = SimplePyramid(backbone(), filters=4)
    assert pyramid.strides == [2, 4, 8, 16]
    shapes = pyramid.features_only([4, 16]).output_shape
    assert shapes == [(None, 4, 4, 4), (None, 1, 1, 4)]
    model = FPN(pyramid, filters=4, norm_groups=2, pyramid_filters=3)
    own = {id(weight) for weight in pyramid.trainable_weights}
    assert own <= {id(weight) for weight in model.trainable_weights}
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    x = np.random.default_rng(0).normal(size=(1, 16, 16, 3)).astype("float32")
    np.testing.assert_allclose(again(x), model(x), atol=1e-6)
    assert again.backbone.backbone.patch_size == 8


def test_its_maps_say_what_they_are_and_what_they_are_not():
    pyramid = SimplePyramid(backbone(), factors=[1], filters=4)
    with pytest.raises(ValueError, match=r"must be among \[8\]"):
        pyramid.features_only([4])
    with pytest.raises(ValueError, match="must divide the stride of the map"):
        SimplePyramid(backbone(), factors=[16])
    with pytest.raises(ValueError, match="knows its maps by stride"):
        SimplePyramid(keras.Sequential())

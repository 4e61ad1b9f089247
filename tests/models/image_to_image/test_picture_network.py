import pytest

from keras_nn.models.image_to_image.picture_network import PictureNetwork
from keras_nn.models.image_to_image.picture_network import require_positive


def test_pictures_of_any_size_and_known_channels():
    assert PictureNetwork.pictures((None, 8, 3)).shape == (None, None, 8, 3)
    for shape in ((8, 8), (8, 8, None)):
        with pytest.raises(ValueError, match="Received: input_shape="):
            PictureNetwork.pictures(shape)


def test_numbers_are_positive():
    require_positive(scale=1)
    with pytest.raises(ValueError, match="`scale` must be positive.*scale=0"):
        require_positive(filters=2, scale=0)

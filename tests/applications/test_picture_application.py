import keras
import pytest

from keras_nn.applications import ImageClassifier
from keras_nn.applications import ImageSegmenter
from keras_nn.applications.picture_application import PictureApplication
from keras_nn.applications.picture_application import as_preprocessing
from keras_nn.applications.picture_application import as_size
from keras_nn.applications.picture_application import check_classes
from keras_nn.applications.picture_application import deserialized
from keras_nn.applications.picture_application import serialized


def test_both_applications_of_pictures_are_one_kind():
    assert issubclass(ImageClassifier, PictureApplication)
    assert issubclass(ImageSegmenter, PictureApplication)


def test_layers_in_a_config_are_made_again():
    flip = keras.layers.RandomFlip("horizontal")
    config = {"augmentation": serialized(flip), "tile": serialized(None)}
    found = deserialized(config, ("augmentation",))
    assert isinstance(found["augmentation"], keras.layers.RandomFlip)
    assert found["tile"] is None


def test_the_setting_of_a_size_and_of_preprocessing():
    assert as_size(8) == (8, 8) and as_size((8, 9)) == (8, 9)
    assert as_size(None) is None
    assert as_preprocessing(None, None) is None
    assert as_preprocessing("rescale", None).mode == "rescale"


def test_refuses_a_single_class():
    with pytest.raises(ValueError, match="`num_classes` must be at least 2"):
        check_classes(1, None)

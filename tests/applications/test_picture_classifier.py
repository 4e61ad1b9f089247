import keras
import numpy as np
import pytest
from PIL import Image

from keras_nn.applications import ImageClassifier
from keras_nn.layers import RandomResizedCrop
from keras_nn.models import MLP


def make(**kwargs):
    network = MLP(False, input_shape=(4, 4, 3), units=[4])
    return ImageClassifier(network, 3, preprocess="rescale", **kwargs)


def test_files_are_read_undistorted_where_something_is_cut_out(tmp_path):
    app = make(crop=RandomResizedCrop(4, 4), image_size=(6, 6))
    picture = np.random.default_rng(0).integers(0, 256, (6, 10, 3))
    Image.fromarray(picture.astype("uint8")).save(tmp_path / "a.png")
    (row,) = app.predict_path(tmp_path / "a.png")
    middle = make()
    middle.set_weights([w.numpy() for w in app.weights if "seed" not in w.path])
    expected = middle.predict(picture[None, 1:5, 3:7], verbose=0)
    assert row["probability"] == pytest.approx(expected.max(), abs=1e-5)
    clone = ImageClassifier.from_config(app.get_config())
    assert clone.crop.get_config() == app.crop.get_config()
    assert clone.input_shape == (None, 6, 6, 3)


def test_settings_say_how_files_are_read():
    settings = ImageClassifier.default_settings()
    found = ImageClassifier.reading_settings(settings)
    assert found == {"image_size": None, "on_error": "raise"}
    settings |= {"image_size": 224, "crop_pct": 0.875}
    found = ImageClassifier.reading_settings(settings)
    assert found["image_size"] == (256, 256) and found["crop_to_aspect_ratio"]


def test_refuses_pictures_that_are_smaller_than_the_crop():
    with pytest.raises(ValueError, match="smaller than the crop of 4x4"):
        make(crop=RandomResizedCrop(4, 4), image_size=(3, 6))
    inputs = keras.Input((8, 8, 1))
    network = keras.Model(inputs, {"a": inputs, "b": inputs})
    with pytest.raises(ValueError, match="`backbone` must end in one"):
        ImageClassifier(network, 2)

import random

import keras
import numpy as np
import pytest

from keras_nn.applications import ImageClassifier
from keras_nn.applications import load
from keras_nn.models import MLP


@pytest.fixture
def app():
    network = MLP(False, input_shape=(8, 8, 1), units=[8])
    app = ImageClassifier(network, num_classes=10)
    app.compile()
    return app


def test_no_flipped_bit_of_a_saved_file_is_accepted(app, tmp_path):
    path = tmp_path / "app.keras"
    app.save(path)
    content = path.read_bytes()
    generator = random.Random(0)
    for _ in range(25):
        damaged = bytearray(content)
        for _ in range(3):
            damaged[generator.randrange(len(content))] ^= generator.randrange(
                1, 256
            )
        path.write_bytes(damaged)
        with pytest.raises(ValueError, match="damaged.*app.keras"):
            load(path)


def test_a_truncated_or_missing_file_is_called_what_it_is(app, tmp_path):
    path = tmp_path / "app.keras"
    app.save(path)
    path.write_bytes(path.read_bytes()[:-1000])
    with pytest.raises(ValueError, match="damaged.*app.keras"):
        load(path)
    with pytest.raises(FileNotFoundError, match="no such file.*none.keras"):
        load(tmp_path / "none.keras")


def test_a_file_that_keras_wrote_is_loaded_too(app, tmp_path):
    app.fit(np.ones((4, 8, 8, 1)), np.zeros(4), verbose=0)
    keras.Model.save(app, tmp_path / "a.keras")
    assert isinstance(load(tmp_path / "a.keras"), ImageClassifier)


def test_keras_itself_loads_what_was_saved(app, tmp_path):
    app.save(tmp_path / "a.keras")
    loaded = keras.saving.load_model(tmp_path / "a.keras")
    x = np.ones((2, 8, 8, 1))
    np.testing.assert_array_equal(loaded(x), app(x))

import random
import resource
import signal

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


def test_two_hundred_damages_of_a_saved_file_are_all_noticed(app, tmp_path):
    path = tmp_path / "app.keras"
    app.save(path)
    content = path.read_bytes()
    generator = random.Random(0)
    for index in range(200):
        place = generator.randrange(len(content))
        damaged = bytearray(content)
        damaged[place] ^= generator.randrange(1, 256)
        path.write_bytes(damaged if index % 2 else content[:place])
        with pytest.raises(
            ValueError, match="damaged.*Restore it from a copy.*app.keras"
        ):
            load(path)


def test_a_full_disk_keeps_the_file_before(app, tmp_path):
    path = tmp_path / "app.keras"
    app.save(path)
    content = path.read_bytes()
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(content) // 2, limit[1]))
    try:
        with pytest.raises(OSError, match="app.keras; the previous file is"):
            app.save(path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        signal.signal(signal.SIGXFSZ, ignored)
    assert path.read_bytes() == content
    assert [p.name for p in tmp_path.iterdir()] == ["app.keras"]


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

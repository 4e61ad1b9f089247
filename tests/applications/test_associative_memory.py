import keras
import numpy as np
import pytest
from PIL import Image

from keras_nn import data
from keras_nn.applications import AssociativeMemory
from keras_nn.applications import WrongRequest
from keras_nn.models import DenseMemory
from keras_nn.models import HopfieldNetwork

PATTERNS = data.load("digit-patterns")
X = PATTERNS.train.x


def make(memory=None, **kwargs):
    memory = memory or HopfieldNetwork((8, 8, 1), noise=0.1)
    app = AssociativeMemory(memory, **kwargs)
    app.compile()
    return app


@pytest.fixture(scope="module")
def trained():
    app = make(class_names=list("0123456789"))
    app.fit(PATTERNS, verbose=0)
    return app


def test_recalls_ten_digits_from_noise_and_from_their_upper_half(trained):
    white = (X > 127) * 255
    found, energies = trained.recall(trained.noisy(X, 0.1), with_energy=True)
    assert (found == white).mean() > 0.97
    assert (np.diff(energies) < 1e-4).all()
    covered = trained.covered(X, 0.25)
    assert (covered[:, 6:] == 127).all() and (covered[:, :6] == X[:, :6]).all()
    assert (trained.recall(covered) == white).mean() > 0.95
    np.testing.assert_array_equal(trained.predict(X, verbose=0), white)


def test_a_file_keeps_what_was_stored(trained, tmp_path):
    found = trained.evaluate(PATTERNS.test, verbose=0, return_dict=True)
    assert found["loss"] < 0.05 and found["recalled"] > 0.5
    trained.save(tmp_path / "a.keras")
    loaded = keras.saving.load_model(tmp_path / "a.keras")
    again = loaded.evaluate(PATTERNS.test, verbose=0, return_dict=True)
    assert again == pytest.approx(found)
    loaded.fit(PATTERNS, verbose=0)


def test_a_dense_memory_keeps_greys():
    app = make(DenseMemory((8, 8, 1), 10, beta=200.0))
    app.fit(PATTERNS, verbose=0)
    found = app.recall(app.covered(X, 0.5))
    right = np.abs(found.astype("int32") - X).max(axis=(1, 2, 3)) < 30
    assert right.all()


def test_writes_what_it_recalls(trained, tmp_path):
    Image.fromarray(X[3, ..., 0]).save(tmp_path / "three.png")
    (row,) = trained.predict_path(
        str(tmp_path / "three.png"), folder=tmp_path / "out"
    )
    written = np.asarray(Image.open(row["recalled"]))
    np.testing.assert_array_equal(written, (X[3, ..., 0] > 127) * 255)
    assert row["energy_after"] <= row["energy_before"]
    assert row["changed"] == 0


def test_refuses_pictures_that_cannot_be_told_and_ranges():
    with pytest.raises(ValueError, match=r"single grey.*at \[1\]"):
        make().fit(np.stack([X[0], 0 * X[0]]), verbose=0)
    with pytest.raises(ValueError, match="values from 0 to 255"):
        make().fit(X.astype("float32") + 10, verbose=0)
    with pytest.raises(ValueError, match="`value_range` must rise"):
        make(value_range=(1, 0))
    with pytest.raises(WrongRequest, match="no format of export"):
        make().export("a")


def test_inspectors_show_what_is_recalled(tmp_path):
    names = [
        type(i).__name__ for i in make().inspectors(tmp_path, PATTERNS.test)
    ]
    assert "RecallPictures" in names

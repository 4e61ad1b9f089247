import importlib.util

import numpy as np
import pytest

from keras_nn.applications import ImageClassifier
from keras_nn.applications import UnknownChoice
from keras_nn.applications import export
from keras_nn.models import SimpleCNN
from keras_nn.testing import slow_but

PATHS = {
    "saved_model": "saved_model",
    "onnx": "model.onnx",
    "litert": "model.tflite",
}


@pytest.fixture(scope="module")
def app():
    network = SimpleCNN(False, input_shape=(8, 8, 1), filters=[4], units=8)
    app = ImageClassifier(network, num_classes=3)
    app.prepare(app.example_inputs(10))
    return app


@pytest.mark.parametrize("format", slow_but("saved_model", "onnx", of=PATHS))
def test_an_export_predicts_what_the_application_predicts(
    app, format, tmp_path
):
    path = tmp_path / PATHS[format]
    app.export(path, format)
    app.export(path, format)  # replaces the first
    assert [p.name for p in tmp_path.iterdir()] == [PATHS[format]]
    inputs = app.example_inputs(5)
    (outputs,) = export.RUNNERS[format](str(path), inputs)
    np.testing.assert_allclose(
        outputs, app.predict(inputs, verbose=0), atol=1e-5
    )


def test_an_export_that_predicts_otherwise_is_not_kept(
    app, tmp_path, monkeypatch
):
    monkeypatch.setitem(
        export.RUNNERS, "saved_model", lambda path, x: [np.zeros((3, 3))]
    )
    with pytest.raises(RuntimeError, match="does not predict what the model"):
        app.export(tmp_path / "saved_model")
    assert list(tmp_path.iterdir()) == []


def test_refuses_an_unknown_format_and_another_suffix(app, tmp_path):
    with pytest.raises(UnknownChoice, match="Choices: saved_model, onnx"):
        app.export(tmp_path / "a", "tensorrt")
    with pytest.raises(ValueError, match="must end in .onnx"):
        app.export(tmp_path / "a", "onnx")


def test_says_what_to_install(app, tmp_path, monkeypatch):
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util,
        "find_spec",
        lambda name: None if name == "tf2onnx" else find(name),
    )
    with pytest.raises(ImportError, match=r'pip install "keras-nn\[export\]"'):
        app.export(tmp_path / "a.onnx", "onnx")

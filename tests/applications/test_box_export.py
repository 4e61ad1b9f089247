import keras
import numpy as np
import pytest

from keras_nn.applications import ObjectDetector
from keras_nn.applications import export
from keras_nn.applications.box_export import agreement
from keras_nn.models import FCOS
from keras_nn.testing import slow_but

PATHS = {
    "saved_model": "saved_model",
    "onnx": "model.onnx",
    "litert": "model.tflite",
}
NAMES = ["boxes", "labels", "num_detections", "scores"]


@pytest.fixture(scope="module")
def app():
    """A detector that finds much in noise, more than it may report."""
    keras.utils.set_random_seed(0)
    images = keras.Input((16, 16, 3))
    # LiteRT is wrong about kernels smaller than their strides.
    maps = keras.layers.Conv2D(4, 4, 4, "same")(images)
    network = FCOS(
        keras.Model(images, maps, name="maps"),
        2,
        extra_levels=0,
        filters=4,
        depth=0,
        prior=0.3,
    )
    return ObjectDetector(network, preprocess="rescale", max_detections=9)


@pytest.mark.parametrize("format", slow_but("saved_model", "onnx", of=PATHS))
def test_an_export_finds_what_the_application_finds(app, format, tmp_path):
    path = tmp_path / PATHS[format]
    app.export(path, format)
    pictures = app.example_inputs(5)
    values = export.RUNNERS[format](str(path), pictures)
    found = dict(zip(NAMES, values, strict=True))
    assert found["boxes"].shape == (5, 9, 4)
    assert found["scores"].shape == found["labels"].shape == (5, 9)
    assert found["labels"].dtype == found["num_detections"].dtype == "int32"
    rows = np.asarray(app.detections(app.predict(pictures, verbose=0)))
    assert (
        found["num_detections"].tolist()
        == (rows[..., 5] >= 0).sum(axis=1).tolist()
    )
    assert found["num_detections"].min() > 0
    np.testing.assert_array_equal(found["labels"], rows[..., 5])
    np.testing.assert_allclose(found["scores"], rows[..., 4], atol=1e-5)
    np.testing.assert_allclose(found["boxes"], rows[..., :4], atol=1e-3)


def test_raw_predictions_are_those_of_all_places(app, tmp_path):
    path = tmp_path / "saved_model"
    app.export(path, raw=True)
    pictures = app.example_inputs(2)
    (values,) = export.run_saved_model(str(path), pictures)
    np.testing.assert_allclose(
        values, app.predict(pictures, verbose=0), atol=1e-4
    )


def test_an_export_that_finds_other_objects_is_not_kept(
    app, tmp_path, monkeypatch
):
    def shifted(path, inputs):
        found = export.run_saved_model(path, inputs)
        return [found[0] + 3, *found[1:]]

    monkeypatch.setitem(export.RUNNERS, "saved_model", shifted)
    with pytest.raises(RuntimeError, match="does not find the objects"):
        app.export(tmp_path / "saved_model")
    assert list(tmp_path.iterdir()) == []


def test_agreement_is_of_class_score_and_place():
    box = np.array([[0, 0, 10, 10.0]])
    one = {"boxes": box, "scores": np.array([0.5]), "labels": np.array([1])}
    assert agreement(one, one) == 1
    assert agreement(one, {**one, "labels": np.array([0])}) == 0
    assert agreement(one, {**one, "scores": np.array([0.6])}) == 0
    assert agreement(one, {**one, "boxes": box + 1}) == 0
    none = {**one, "labels": np.array([-1])}
    assert agreement(none, none) == 1 and agreement(one, none) == 0

import csv
import io
import json


def test_prints_a_row_a_picture(invoke, trained_run, pictures):
    code, output, error = invoke(
        "predict", trained_run.path, "--input", pictures
    )
    assert (code, error) == (0, "")
    rows = list(csv.DictReader(io.StringIO(output)))
    assert len(rows) == 36
    right = [row["label"] == row["file"].split("/")[-2] for row in rows]
    assert sum(right) > 25


def test_prints_json_and_the_best_few(invoke, trained_run, pictures):
    picture = next((pictures / "7").iterdir())
    code, output, _ = invoke(
        *("predict", trained_run.path, "--input", picture),
        *("--top", 3, "--output", "json"),
    )
    assert code == 0
    rows = json.loads(output)
    assert [row["rank"] for row in rows] == [1, 2, 3]
    assert {row["file"] for row in rows} == {str(picture)}


def test_a_folder_without_a_picture_is_a_failure(invoke, trained_run, tmp_path):
    code, output, error = invoke(
        "predict", trained_run.path, "--input", tmp_path
    )
    assert (code, output) == (1, "")
    assert "no picture in the folder" in error


def test_masks_are_written_into_the_run(invoke, pictures, tmp_path):
    from keras_nn.applications import ImageSegmenter
    from keras_nn.applications import Run
    from keras_nn.models import UNet

    run = Run.create(tmp_path, "image-segmenter", {})
    network = UNet(False, input_shape=(8, 8, 1), filters=[2, 3])
    app = ImageSegmenter(network, 2, preprocess="rescale")
    app.save(run.model_path)
    code, output, _ = invoke(
        *("predict", run.path, "--input", next((pictures / "7").iterdir())),
        *("--output", "json"),
    )
    (row,) = json.loads(output)
    assert code == 0
    folder = run.path / "predictions"
    assert row["mask"].startswith(str(folder))
    assert len([*folder.iterdir()]) == 2


def test_a_box_of_pictures_is_filled(invoke, trained_run, pictures, tmp_path):
    from keras_nn.applications import Inpainter
    from keras_nn.applications import Run
    from keras_nn.models import DenoisingUNet
    from keras_nn.models import DiffusionModel
    from keras_nn.schedules import CosineNoise

    run = Run.create(tmp_path, "inpainter", {})
    network = DenoisingUNet((8, 8, 1), filters=[2], embedding_units=2)
    model = DiffusionModel(network, CosineNoise(), clip=1.0)
    Inpainter(model, steps=2, resamplings=1).save(run.model_path)
    picture = next((pictures / "7").iterdir())
    asked = ("predict", run.path, "--input", picture)
    code, output, _ = invoke(*asked, "--box", "1,2,5,6", "--output", "json")
    (row,) = json.loads(output)
    assert code == 0 and row["hole"] == 0.25
    assert row["filled"].startswith(str(run.path / "predictions"))
    code, _, error = invoke(*asked, "--box", "1,2,5")
    assert code != 0 and "four whole numbers" in error
    code, _, error = invoke(
        *("predict", trained_run.path, "--input", picture),
        *("--box", "1,2,5,6"),
    )
    assert code != 0 and "fills holes" in error


def test_steps_are_for_styles(invoke, trained_run, pictures):
    code, _, error = invoke(
        *("predict", trained_run.path, "--input", pictures, "--steps", 3)
    )
    assert code != 0 and "a run of image-classifier" in error

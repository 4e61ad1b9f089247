import csv
import io
import json
from pathlib import Path


def test_writes_an_overlay_for_each_picture(invoke, trained_run, pictures):
    code, output, error = invoke(
        *("explain", trained_run.path, "--input", pictures / "7"),
        *("--set", "n_steps=5"),
    )
    assert (code, error) == (0, "")
    rows = list(csv.DictReader(io.StringIO(output)))
    assert len(rows) == 12
    for row in rows:
        picture = Path(row["picture"])
        assert picture.parent == trained_run.path / "explanations"
        assert picture.read_bytes()[:4] == b"\x89PNG"
        assert 0 <= float(row["probability"]) <= 1


def test_explains_the_class_that_is_asked_for(
    invoke, trained_run, pictures, tmp_path
):
    picture = next((pictures / "7").iterdir())
    code, output, _ = invoke(
        *("explain", trained_run.path, "--input", picture, "--label", "3"),
        *("--method", "kernel-shap", "--set", "patches=2"),
        *("--to", tmp_path, "--output", "json"),
    )
    (row,) = json.loads(output)
    assert code == 0 and row["label"] == "3"
    assert abs(row["convergence_delta"]) < 1e-3
    assert Path(row["picture"]).parent == tmp_path


def test_a_wrong_method_is_a_wrong_request(invoke, trained_run, pictures):
    code, _, error = invoke(
        *("explain", trained_run.path, "--input", pictures),
        *("--method", "integrated-gradient"),
    )
    assert code == 2
    assert "did you mean 'integrated-gradients'?" in error


def test_which_training_pictures_made_it_say_so(
    invoke, trained_run, pictures, tmp_path
):
    picture = next((pictures / "7").iterdir())
    code, output, error = invoke(
        *("explain", trained_run.path, "--input", picture, "--influence"),
        *("--set", "examples=50", "--set", "top=2", "--set", "method=tracin"),
        *("--to", tmp_path, "--output", "json"),
    )
    assert (code, error) == (0, "")
    rows = json.loads(output)
    assert [row["rank"] for row in rows] == [1, 2, -1, -2]
    assert Path(rows[0]["picture"]).parent == tmp_path


def test_which_training_pictures_are_like_no_other(
    invoke, trained_run, tmp_path
):
    code, output, _ = invoke(
        *("explain", trained_run.path, "--influence", "--to", tmp_path),
        *("--set", "examples=50", "--set", "top=9", "--output", "json"),
    )
    rows = json.loads(output)
    assert code == 0 and [row["rank"] for row in rows] == [*range(1, 10)]
    found = [row["self_influence"] for row in rows]
    assert found == sorted(found, reverse=True)


def test_concepts_features_and_several_methods(
    invoke, trained_run, pictures, tmp_path
):
    to = ("--to", tmp_path, "--output", "json")
    code, output, _ = invoke(
        *("explain", trained_run.path, "--visualize", "classes:3"),
        *("--set", "steps=2", *to),
    )
    assert code == 0 and json.loads(output)[0]["unit"] == "3"
    one = next((pictures / "7").iterdir())
    code, output, _ = invoke(
        *("explain", trained_run.path, "--input", one, "--set", "samples=1"),
        *("--compare", "saliency", "--compare", "gradcam", *to),
    )
    assert code == 0
    assert [r["method"] for r in json.loads(output)] == ["saliency", "gradcam"]
    code, _, error = invoke(
        *("explain", trained_run.path, "--input", one, "--label", "7"),
        *("--concepts", pictures, *to),
    )
    assert code == 2 and "with the folders ['1', '4', '7']" in error


def test_one_question_at_a_time_and_of_files(invoke, tmp_path):
    code, _, error = invoke("explain", tmp_path, "--compare", "saliency")
    assert code == 2 and "--input names your files" in error
    code, _, error = invoke(
        "explain", tmp_path, "--influence", "--visualize", "classes"
    )
    assert code == 2 and "--visualize and --influence" in error


def test_other_applications_are_refused(invoke, tmp_path):
    from keras_nn.applications import Run
    from keras_nn.applications import SuperResolver
    from keras_nn.models import ESPCN

    run = Run.create(tmp_path, "super-resolver", {})
    network = ESPCN((8, 8, 1), scale=2, filters=[2, 2])
    SuperResolver(network, scale=2).save(run.model_path)
    code, _, error = invoke("explain", run.path, "--input", tmp_path)
    assert code == 1 and "Received: a run of super-resolver" in error
    code, _, error = invoke("explain", run.path, "--visualize", "classes")
    assert code == 1 and "--visualize is for runs of image-class" in error

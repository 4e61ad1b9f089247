import json

import pytest


def test_measures_the_test_set_of_the_run_again(invoke, trained_run):
    code, output, _ = invoke("evaluate", trained_run.path, "--output", "json")
    assert code == 0
    result = json.loads(output)
    assert result["test"] == pytest.approx(trained_run.metrics["test"])
    low, high = result["intervals"]["accuracy"]
    assert low <= result["test"]["accuracy"] <= high


def test_measures_pictures_of_your_own(invoke, trained_run, pictures):
    code, output, _ = invoke("evaluate", trained_run.path, "--data", pictures)
    assert code == 0
    assert "accuracy" in output
    assert " to " in output


def test_a_damaged_model_and_a_missing_run_are_failures(
    invoke, trained_run, tmp_path
):
    code, _, error = invoke("evaluate", tmp_path / "none")
    assert (code, error.startswith("Error: There is no such run")) == (1, True)
    for file in ("config.json", "model.keras"):
        content = bytearray((trained_run.path / file).read_bytes())
        content[len(content) // 2] ^= 255
        (tmp_path / file).write_bytes(content)
        code, _, error = invoke("evaluate", tmp_path)
        assert code == 1
        assert "damaged" in error
        assert file in error
        (tmp_path / file).write_bytes((trained_run.path / file).read_bytes())

import pytest

from keras_nn_cli.export import FILES


@pytest.mark.parametrize("format", FILES)
def test_writes_into_the_run_folder_and_prints_where(
    invoke, trained_run, format
):
    code, output, _ = invoke("export", trained_run.path, "--format", format)
    assert code == 0
    path = trained_run.path / "export" / FILES[format]
    assert output.splitlines()[-1] == str(path)
    assert path.exists()


def test_writes_where_it_is_told_to(invoke, trained_run, tmp_path):
    path = tmp_path / "digits.onnx"
    code, _, _ = invoke(
        "export", trained_run.path, "--format", "onnx", "--to", path
    )
    assert code == 0
    assert path.is_file()


def test_an_unknown_format_is_a_usage_error(invoke, trained_run):
    code, _, error = invoke("export", trained_run.path, "--format", "coreml")
    assert code == 2
    assert "onnx" in error

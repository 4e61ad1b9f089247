from keras_nn.applications.export import SUFFIXES
from keras_nn_cli.export import FILES


def test_writes_into_the_run_folder_and_prints_where(invoke, trained_run):
    code, output, _ = invoke("export", trained_run.path, "--format", "onnx")
    assert code == 0
    path = trained_run.path / "export" / "model.onnx"
    assert output.splitlines()[-1] == str(path)
    assert path.is_file()


def test_writes_where_it_is_told_to(invoke, trained_run, tmp_path):
    path = tmp_path / "digits"
    code, _, _ = invoke(
        *("export", trained_run.path, "--format", "saved_model"),
        *("--to", path),
    )
    assert code == 0
    assert (path / "saved_model.pb").is_file()


def test_formats_are_those_of_the_library():
    assert set(FILES) == set(SUFFIXES)
    for format, file in FILES.items():
        assert file.endswith(SUFFIXES[format])


def test_an_unknown_format_is_a_usage_error(invoke, trained_run):
    code, _, error = invoke("export", trained_run.path, "--format", "coreml")
    assert code == 2
    assert "onnx" in error

import subprocess
import sys

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner


@pytest.fixture(scope="session")
def invoke():
    """Runs a command in this process: `(exit code, stdout, stderr)`."""
    from keras_nn_cli.app import app

    def run(*arguments):
        result = CliRunner().invoke(app, [str(a) for a in arguments])
        if isinstance(result.exception, Exception):
            raise result.exception
        return result.exit_code, result.stdout, result.stderr

    return run


@pytest.fixture(scope="session")
def keras_nn_command():
    """Runs the installed command in a process of its own."""

    def run(*arguments, environment=None):
        script = "from keras_nn_cli import main; main()"
        return subprocess.run(
            [sys.executable, "-c", script, *map(str, arguments)],
            capture_output=True,
            text=True,
            timeout=300,
            env=environment,
        )

    return run


@pytest.fixture(scope="session")
def trained_run(tmp_path_factory):
    """A short run on the embedded digits, without instruments."""
    from keras_nn.applications import ImageClassifier
    from keras_nn.applications import fit_recipe

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ImageClassifier, "inspectors", lambda *a, **k: [])
        folder = tmp_path_factory.mktemp("runs")
        return fit_recipe(
            "image-classifier", epochs=4, log_dir=folder, verbose=0
        )


@pytest.fixture(scope="session")
def pictures(tmp_path_factory):
    """A folder of class folders with twelve digits each of three classes."""
    from keras_nn import data

    folder = tmp_path_factory.mktemp("pictures")
    test = data.load("digits").test
    for label in (1, 4, 7):
        (folder / str(label)).mkdir()
        for index in np.flatnonzero(test.y == label)[:12]:
            picture = Image.fromarray(test.x[index, ..., 0])
            picture.save(folder / str(label) / f"{index}.png")
    return folder

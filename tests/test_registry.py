"""`import keras_nn` registers every class, once, under its own name."""

import ast
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import keras
import numpy as np
import pytest

import keras_nn

ROOT = Path(__file__).parents[1]
TENSORFLOW = keras.config.backend() == "tensorflow"
FOLDERS = ["keras_nn"] + ["applications", "callbacks"] * TENSORFLOW
NEED_TENSORFLOW = {"training", "data", "explain", "generation", "pretrained"}


def registrations():
    """Every registered class or function: `(name, package expression)`."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            part = path.relative_to(ROOT).parts[1]
            if not TENSORFLOW and part in NEED_TENSORFLOW:
                continue
            for node in ast.walk(ast.parse(path.read_text())):
                for decorator in getattr(node, "decorator_list", []):
                    text = ast.unparse(decorator)
                    if "register_keras_serializable" in text:
                        yield node.name, text


def test_names_are_unique():
    names = Counter(name for name, _ in registrations())
    assert names
    assert [name for name, count in names.items() if count > 1] == []


def test_one_import_registers_every_class():
    registry = keras.saving.get_custom_objects()
    names = [f"keras_nn>{name}" for name, _ in registrations()]
    assert [name for name in names if name not in registry] == []


def test_every_registration_names_the_package():
    wrong = [
        n for n, text in registrations() if "package='keras_nn'" not in text
    ]
    assert wrong == []


@pytest.mark.parametrize("noun", ["layers", "losses", "metrics", "models"])
def test_every_public_class_is_registered(noun):
    facade = getattr(keras_nn, noun)
    bases = (
        keras.layers.Layer,
        keras.losses.Loss,
        keras.metrics.Metric,
    )
    for name, value in vars(facade).items():
        if name == "Backbone" or not isinstance(value, type):
            continue
        if issubclass(value, bases):
            registered = keras.saving.get_registered_name(value)
            assert registered == f"keras_nn>{name}"


def test_a_file_loads_in_a_process_that_only_imports_keras_nn(tmp_path):
    model = keras_nn.models.MLP(input_shape=(4,), units=[3], classes=2)
    x = np.ones((1, 4), "float32")
    model.save(tmp_path / "model.keras")
    np.save(tmp_path / "expected.npy", model.predict(x, verbose=0))
    code = (
        "import keras_nn, keras, numpy as np\n"
        "model = keras.saving.load_model('model.keras')\n"
        "y = model.predict(np.ones((1, 4), 'float32'), verbose=0)\n"
        "np.testing.assert_allclose(y, np.load('expected.npy'), atol=1e-6)\n"
        "assert type(model) is keras_nn.models.MLP, type(model)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr

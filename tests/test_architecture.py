"""Imports point down, parts need no TensorFlow, every file has its test."""

import ast
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LAYERS = [
    ["ops", "version"],
    ["activations", "initializers", "regularizers", "schedules", "data"],
    ["layers", "losses", "metrics", "optimizers"],
    ["training"],
    ["models"],
    ["pretrained", "explain", "robustness", "compression", "privacy"]
    + ["federated", "generation"],
    ["callbacks"],
    ["applications"],
]
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}
# What runs on every backend of Keras.
PARTS = ["ops", "activations", "initializers", "regularizers", "schedules"]
PARTS += ["layers", "losses", "metrics", "models", "optimizers"]
SOURCES = [
    path
    for folder in ("keras_nn", "applications", "callbacks")
    for path in sorted((ROOT / folder).rglob("*.py"))
]
CLI = sorted((ROOT / "cli").rglob("*.py"))
# Only these import names of another package's inside at the top of a file.
HEAVY = {"sklearn", "matplotlib", "tf_keras_vis", "tensorflow_probability"}
HEAVY |= {"PIL", "tensorboard", "scipy", "pandas", "tf2onnx", "onnx"}
HEAVY |= {"keras_tuner", "pycocotools", "networkx"}


def relative(path):
    return str(path.relative_to(ROOT))


def module_parts(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[1:] if parts[0] == "keras_nn" else parts


def imports(tree):
    """Every imported module name below a syntax tree, dotted."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "write absolute imports"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def upward_imports(here, source):
    """The imports of a file in folder `here` that do not point down."""
    for name in imports(ast.parse(source)):
        parts = name.split(".")
        if parts[0] != "keras_nn" or len(parts) < 2 or here not in RANK:
            continue
        there = parts[1]
        if there == "testing" or (
            there in RANK and there != here and RANK[there] >= RANK[here]
        ):
            yield name


def top_level_imports(source):
    """What a file imports as soon as it is imported."""
    body = ast.parse(source).body
    statements = [node for node in body if not hasattr(node, "decorator_list")]
    return {name for node in statements for name in imports(node)}


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_imports_point_down(path):
    here = module_parts(path)[0]
    wrong = sorted(set(upward_imports(here, path.read_text())))
    assert not wrong, f"{here} must not import {wrong}"


def test_an_upward_a_sideways_and_a_testing_import_are_seen():
    assert [*upward_imports("ops", "from keras_nn.layers import X")]
    assert [*upward_imports("layers", "from keras_nn import losses")]
    assert [*upward_imports("models", "def f():\n import keras_nn.testing")]
    assert not [*upward_imports("models", "from keras_nn import layers")]


def test_every_folder_has_its_rank():
    folders = {module_parts(path)[0] for path in SOURCES}
    assert folders - {"__init__", "testing"} <= set(RANK)


@pytest.mark.parametrize("path", SOURCES + CLI, ids=relative)
def test_heavy_packages_are_imported_where_they_are_needed(path):
    names = {n.split(".")[0] for n in top_level_imports(path.read_text())}
    assert not names & HEAVY, f"import inside the function: {names & HEAVY}"


@pytest.mark.parametrize(
    "path",
    [p for p in SOURCES if module_parts(p)[0] in PARTS],
    ids=relative,
)
def test_parts_do_not_import_tensorflow(path):
    names = {n.split(".")[0] for n in imports(ast.parse(path.read_text()))}
    assert "tensorflow" not in names


@pytest.mark.skipif(
    importlib.util.find_spec("jax") is None, reason="JAX is not installed"
)
def test_parts_run_on_jax_without_tensorflow():
    code = (
        "import sys\n"
        "sys.modules.update(tensorflow=None, tensorboard=None)\n"
        "import keras, keras_nn, keras_nn.testing\n"
        "assert keras.config.backend() == 'jax'\n"
        f"for name in {PARTS}: assert hasattr(keras_nn, name), name\n"
        "x = keras.ops.ones((1, 4))\n"
        "model = keras_nn.models.MLP(input_shape=(4,), units=[2], classes=3)\n"
        "assert model(x).shape == (1, 3)\n"
    )
    environment = {**os.environ, "KERAS_BACKEND": "jax"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def mirrored_test(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    *folders, name = parts[1:] if parts[0] == "keras_nn" else parts
    return ROOT.joinpath("tests", *folders, f"test_{name}.py")


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in SOURCES + CLI
        if path.stem not in ("__init__", "__main__", "version")
    ],
    ids=relative,
)
def test_has_a_mirrored_test(path):
    test = mirrored_test(path)
    assert test.is_file(), f"write {relative(test)}"
    functions = [
        node.name
        for node in ast.walk(ast.parse(test.read_text()))
        if isinstance(node, ast.FunctionDef)
    ]
    assert any(name.startswith("test_") for name in functions), (
        f"{relative(test)} holds no test"
    )


def test_tests_have_no_init_file():
    assert not list((ROOT / "tests").rglob("__init__.py"))

"""Every `>>>` example runs; what is public is documented, with an example."""

import doctest
import importlib
import inspect
import re
from pathlib import Path

import keras
import pytest
from keras import ops

import keras_nn

ROOT = Path(__file__).parents[1]
TENSORFLOW = keras.config.backend() == "tensorflow"
FOLDERS = {"keras_nn": "keras_nn"}
if TENSORFLOW:
    FOLDERS |= {
        "applications": "keras_nn.applications",
        "callbacks": "keras_nn.callbacks",
    }
FACADES = [
    name
    for name, value in vars(keras_nn).items()
    if inspect.ismodule(value) and not name.startswith("_")
]
# Folders that are left out, and examples that cannot run, on JAX.
NEED_TENSORFLOW = {"training", "data", "explain", "pretrained"}
NEED_TENSORFLOW |= {"check_application", "check_callback", "events", "replicas"}
NEED_TENSORFLOW |= {"consistency_model", "diffusion_model", "noise_learner"}
NEED_TENSORFLOW |= {"latent_diffusion", "latent_generator"}
NEED_TENSORFLOW |= {"noisy_classifier", "bijector_flow", "distribution_nll"}
# Examples that train for an epoch or more are traced.
MANY_STEPS = {"associative_memory", "cross_validation", "density_map"}
MANY_STEPS |= {"evaluation", "fit_recipe", "graph_classifier"}
MANY_STEPS |= {"image_classifier", "recall_pictures", "tuning"}
# Examples of several trainings, which other tests do, too.
MINUTES = {"cross_validation", "evaluation", "fit_recipe", "graph_classifier"}
MINUTES |= {"rbm", "text_classifier", "token_classifier", "tuning"}


def modules():
    for folder, package in FOLDERS.items():
        for path in sorted((ROOT / folder).rglob("*.py")):
            parts = path.relative_to(ROOT / folder).with_suffix("").parts
            if not TENSORFLOW and NEED_TENSORFLOW & {*parts}:
                continue
            if path.stem != "__main__" and ">>>" in path.read_text():
                yield ".".join([package, *parts]).removesuffix(".__init__")


def public_objects():
    for facade in FACADES:
        for name, value in vars(getattr(keras_nn, facade)).items():
            is_error = inspect.isclass(value) and issubclass(value, Exception)
            if callable(value) and not (name.startswith("_") or is_error):
                yield pytest.param(value, id=f"{facade}.{name}")


@pytest.fixture
def eagerly(name):
    """Runs a few steps of `fit` one by one, which takes less than tracing."""
    if not TENSORFLOW or name.split(".")[-1] in MANY_STEPS:
        yield
        return
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(
            name,
            marks=pytest.mark.slow if name.split(".")[-1] in MINUTES else [],
        )
        for name in modules()
    ],
)
def test_examples_run(name, tmp_path, monkeypatch, eagerly):
    monkeypatch.chdir(tmp_path)
    result = doctest.testmod(
        importlib.import_module(name),
        extraglobs={"ops": ops},
        optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE,
    )
    assert result.attempted and not result.failed


@pytest.mark.parametrize("value", [*public_objects()])
def test_public_objects_are_documented(value):
    text = inspect.getdoc(value) if "__doc__" in dir(value) else None
    assert text and value.__doc__, "write a docstring"
    sentence = text.split("\n\n")[0]
    assert sentence.rstrip().endswith((".", "!", "?", ":")), (
        f"begin with one sentence. Received: {sentence!r}"
    )
    assert ">>>" in text, "write a running example"
    missing = [n for n in arguments(value) if not documented(n, text)]
    assert not missing, f"`Args:` does not name {missing}"


def arguments(value):
    """The names of what a class or a function takes, by its own signature."""
    function = value.__init__ if inspect.isclass(value) else value
    if inspect.isclass(value) and "__init__" not in vars(value):
        return []
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return []
    variadic = (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
    common = {"self", "name", "dtype", "reduction", "trainable"}
    return [
        p.name
        for p in parameters
        if p.kind not in variadic and p.name not in common
    ]


def documented(name, text):
    return re.search(rf"^\s+(\w+,\s*)*\*{{0,2}}{name}\b[^\n]*:", text, re.M)


def test_an_argument_without_description_is_seen():
    text = "Does.\n\nArgs:\n    units: int. How many.\n"
    assert documented("units", text)
    assert not documented("activation", text)

import pytest


@pytest.fixture(scope="module")
def text_run(tmp_path_factory):
    """A run folder with a small network that knows a few letters."""
    from keras_nn import data
    from keras_nn.applications import Run
    from keras_nn.applications import TextGenerator
    from keras_nn.models import GPT2

    tokenizer = data.CharacterTokenizer.of("to be or not to be\n")
    network = GPT2(tokenizer.vocabulary_size, 16, 1, 1, 4)
    app = TextGenerator(network, tokenizer)
    app.compile()
    folder = tmp_path_factory.mktemp("runs")
    run = Run.create(folder, "text-generator", {"seed": 0})
    app.save(run.model_path)
    return run


def test_writes_the_prompt_and_how_it_goes_on(invoke, text_run):
    code, output, error = invoke(
        *("generate", text_run.path, "--prompt", "to be"),
        *("--tokens", 12, "--seed", 3),
    )
    assert (code, error) == (0, "")
    assert output.startswith("to be") and len(output) == 5 + 12 + 1
    app = text_run.load()
    assert output == "to be" + app.generate("to be", 12, seed=3) + "\n"


def test_a_prompt_that_cannot_be_said_is_a_failure(invoke, text_run):
    code, output, error = invoke("generate", text_run.path, "--prompt", "x")
    assert (code, output) == (1, "")
    assert "'x' (U+0078) at position 0" in error


def test_only_text_generators_write(invoke, trained_run):
    code, _, error = invoke("generate", trained_run.path)
    assert code == 2 and "a run of image-classifier" in error


@pytest.mark.slow
def test_draws_a_grid_of_a_short_run(invoke, tmp_path, monkeypatch):
    from PIL import Image

    from keras_nn.applications import ImageGenerator
    from keras_nn.applications import fit_recipe

    monkeypatch.setattr(ImageGenerator, "inspectors", lambda *a, **k: [])
    run = fit_recipe(
        "image-generator",
        "digits-diffusion",
        epochs=1,
        log_dir=tmp_path,
        verbose=0,
    )
    path = tmp_path / "grid.png"
    code, output, _ = invoke(
        *("generate", run.path, "--count", 4, "--labels", "3, 7"),
        *("--steps", 2, "--output", path),
    )
    assert (code, output) == (0, f"{path}\n")
    with Image.open(path) as grid:
        assert grid.size == (4 + 2 * 52, 4 + 2 * 52)
    code, _, error = invoke("generate", run.path, "--labels", "eleven")
    assert code != 0 and "'eleven'" in error
    code, _, error = invoke("generate", run.path, "--prompt", "to be")
    assert code == 2 and "--prompt is not for a run of image-gen" in error


def test_text_has_no_classes(invoke, text_run):
    code, _, error = invoke("generate", text_run.path, "--labels", "3")
    assert code == 2 and "--labels is not for a run of text-gen" in error


def test_translates_a_prompt(invoke, tmp_path):
    pytest.importorskip("tokenizers")
    from keras_nn import data
    from keras_nn.applications import Run
    from keras_nn.applications import Translator
    from keras_nn.models import TransformerSeq2Seq

    tokenizer = data.SubwordTokenizer.train(["one two", "1 2"], 30)
    network = TransformerSeq2Seq(
        tokenizer.vocabulary_size, num_layers=1, num_heads=2, width=8
    )
    app = Translator(network, tokenizer, max_length=8, num_beams=1)
    app.compile()
    run = Run.create(tmp_path, "translator", {"seed": 0})
    app.save(run.model_path)
    code, output, _ = invoke("generate", run.path, "--prompt", "two")
    assert (code, output) == (0, app.translate("two") + "\n")
    code, _, error = invoke(
        *("generate", run.path, "--prompt", "two", "--temperature", 1.0)
    )
    assert code == 2 and "--temperature is not for a run of translator" in error

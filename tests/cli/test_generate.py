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

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


@pytest.fixture(scope="module")
def picture_runs(tmp_path_factory):
    """Runs of tiny new generators: a VAE, and a diffusion model."""
    from keras_nn import models
    from keras_nn import schedules
    from keras_nn.applications import ImageGenerator
    from keras_nn.applications import Run

    encoder = models.DenseEncoder((2, 2, 1), 4, [4])
    vae = models.VAE(encoder, models.DenseDecoder(2, (2, 2, 1), [4]))
    network = models.DenoisingUNet((2, 2, 1), filters=[4], embedding_units=4)
    diffusion = models.DiffusionModel(
        network, schedules.CosineNoise(), clip=1.0
    )
    runs = []
    for generator in (vae, diffusion):
        app = ImageGenerator(generator)
        app.compile()
        folder = tmp_path_factory.mktemp("runs")
        runs.append(Run.create(folder, "image-generator", {"seed": 0}))
        app.save(runs[-1].model_path)
    return runs


def test_pictures_have_a_temperature(invoke, picture_runs, tmp_path):
    import numpy as np
    from PIL import Image

    run, path = picture_runs[0], tmp_path / "grid.png"
    spreads = []
    for how in (("--temperature", 0), ()):
        code, output, _ = invoke(
            *("generate", run.path, "--count", 4, "--output", path, *how)
        )
        assert (code, output) == (0, f"{path}\n")
        grid = np.asarray(Image.open(path).convert("L"))[4:-4, 4:-4]
        spreads.append(np.ptp(np.stack([grid[:48, :48], grid[:48, 52:]]), 0))
    assert spreads[0].max() == 0 < spreads[1].max()
    code, _, error = invoke("generate", run.path, "--sampler", "heun")
    assert code == 2 and "VAE draws with temperature. Received: sa" in error


def test_names_the_samplers_that_there_are(invoke, picture_runs):
    run = picture_runs[1].path
    code, _, error = invoke("generate", run, "--sampler", "euler-ancestor")
    assert code == 2
    assert "mean 'euler-ancestral'? Choices: ddim, ddpm, dpm-so" in error
    code, _, error = invoke("generate", run, "--temperature", 0.5)
    assert code == 2 and "sampler, steps" in error


@pytest.mark.slow
def test_each_sampler_draws_pictures_of_its_own(invoke, picture_runs, tmp_path):
    written = []
    for name in ("heun", "ddpm", "unipc"):
        path = tmp_path / f"{name}.png"
        code, *_ = invoke(
            *("generate", picture_runs[1].path, "--count", 2, "--steps", 3),
            *("--output", path, "--sampler", name),
        )
        written.append(path.read_bytes())
        assert code == 0
    assert len(set(written)) == 3


@pytest.mark.slow
@pytest.mark.parametrize("recipe", [None, "digits-gan"])
def test_learns_a_folder_of_pictures_without_classes(
    recipe, invoke, tmp_path, monkeypatch
):
    from PIL import Image

    from keras_nn import data
    from keras_nn.applications import ImageGenerator
    from keras_nn.applications import Run

    monkeypatch.setattr(ImageGenerator, "inspectors", lambda *a, **k: [])
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number, picture in enumerate(data.load("digits").test.x[:40, ..., 0]):
        Image.fromarray(picture).save(folder / f"{number}.png")
    code, output, _ = invoke(
        *("train", "image-generator", "--data", folder, "--epochs", 2),
        *(("--recipe", recipe) if recipe else ()),
        *("--set", "image_size=8", "--log-dir", tmp_path / "runs"),
    )
    assert code == 0
    run = Run.open(output.strip().splitlines()[-1])
    assert run.load().num_classes is None
    assert run.config["recipe"] == (recipe or "pictures")
    grid = tmp_path / "grid.png"
    code, *_ = invoke("generate", run.path, "--count", 4, "--output", grid)
    assert code == 0 and Image.open(grid).size == (4 + 2 * 52, 4 + 2 * 52)
    code, _, error = invoke("generate", run.path, "--labels", "3")
    assert code == 2 and "cannot be asked by label" in error


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

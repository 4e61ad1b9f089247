import keras
import numpy as np
import pytest
from PIL import Image

from keras_nn import data
from keras_nn.applications import ImageTranslator
from keras_nn.applications import WrongRequest
from keras_nn.applications.image_translator_recipes import RECIPES
from keras_nn.applications.recipe import resolve_settings
from keras_nn.callbacks import PictureComparison
from keras_nn.models import CycleGAN
from keras_nn.models import PatchDiscriminator
from keras_nn.models import Pix2Pix
from keras_nn.models import ResNetTranslator
from keras_nn.models import UNetTranslator
from keras_nn.testing import check_application
from keras_nn.testing import read_events

RNG = np.random.default_rng(0)
X, Y = (
    RNG.integers(0, 256, (4, 12, 12, 1)).astype("float32") for _ in range(2)
)


def paired(noise=False, **kwargs):
    return {
        "generator": Pix2Pix(
            UNetTranslator(
                (12, 12, 1), 1, [4, 4], 0.5 * noise, noise, "instance"
            ),
            PatchDiscriminator((12, 12, 2), [3, 3], "instance"),
        ),
        **kwargs,
    }


def unpaired(**kwargs):
    return {
        "generator": CycleGAN(
            *(
                ResNetTranslator((12, 12, 1), 1, filters=2, num_blocks=0)
                for _ in range(2)
            ),
            *(
                PatchDiscriminator((12, 12, 1), [3, 3], "instance")
                for _ in range(2)
            ),
            history_size=3,
        ),
        **kwargs,
    }


def settings_of(name, **more):
    recipe = next(r for r in RECIPES if r.name == name)
    return resolve_settings(
        ImageTranslator.default_settings(),
        ImageTranslator.setting_choices(),
        recipe.settings,
        more,
    )


@pytest.fixture
def compiled():
    app = ImageTranslator(**paired())
    app.compile()
    return app


@pytest.mark.slow
def test_conformance():
    # Replicas, half precision and XLA are asked of both models themselves.
    check_application(
        ImageTranslator,
        paired,
        X,
        Y,
        epochs=8,
        half=False,
        jit=False,
        replicas=False,
    )


@pytest.mark.slow
def test_learns_pairs_that_lie_in_files(tmp_path):
    keras.utils.set_random_seed(0)
    pairs = tmp_path / "pairs"
    for part, count in (("train", 16), ("test", 4), ("val", 3)):
        (pairs / part).mkdir(parents=True)
        for k in range(count):
            left = RNG.integers(0, 256, (3, 3, 1), "uint8")
            left = left.repeat(4, 0).repeat(4, 1).repeat(3, 2)
            both = np.concatenate([left, 255 - left], axis=1)
            Image.fromarray(both).save(pairs / part / f"{k}.png")
    settings = settings_of("pairs-small", image_size=12)
    splits = ImageTranslator.read_data(pairs, None, 0, settings)
    app = ImageTranslator.from_recipe(None, splits, 25, 4, **settings)
    untrained = app.evaluate(splits.test, verbose=0, return_dict=True)
    folder = tmp_path / "run"
    shown = PictureComparison(folder, splits.validation, every=24)
    app.fit(splits, batch_size=4, epochs=25, verbose=0, callbacks=[shown])
    found = app.evaluate(splits.test, verbose=0, return_dict=True)
    assert found["psnr"] > untrained["psnr"] + 4
    scores = app.example_scores(app.read_test(pairs, settings))
    assert scores["psnr"].mean() == pytest.approx(found["psnr"], abs=1e-2)
    assert scores["ssim"].mean() == pytest.approx(found["ssim"], abs=1e-2)
    assert "comparison" in read_events(folder)["validation"]
    x, y = splits.test.arrays()
    captions = [c.split("\n")[0] for c, _ in app.comparison(x, y)[0]]
    assert captions == ["input", "output", "target"]
    rows = app.predict_path(pairs / "test", folder=tmp_path / "out")
    written = np.asarray(Image.open(rows[0]["translated"]))
    assert len(rows) == 4 and written.shape == (12, 12, 3)
    app.export(tmp_path / "export")


@pytest.mark.slow
def test_unpaired_pictures_go_there_and_back(tmp_path):
    for name, count in (("trainA", 3), ("trainB", 4)):
        (tmp_path / name).mkdir()
        for k in range(count):
            pixels = np.full((12, 12), 40 * k, "uint8")
            Image.fromarray(pixels).save(tmp_path / name / f"{k}.png")
    settings = settings_of("unpaired-small", image_size=12)
    splits = ImageTranslator.read_data(tmp_path, None, 0, settings)
    app = ImageTranslator(**unpaired(flip=True, jitter=0.2))
    app.compile()
    logs = app.fit(splits, batch_size=2, verbose=0).history
    assert {"cycle_l1", "val_cycle_l1", "identity_l1"} <= set(logs)
    assert "psnr" not in app.evaluate(splits.test, verbose=0, return_dict=True)
    assert app.example_scores(splits.test) == {}
    x, y = splits.test.arrays()
    captions = [caption for caption, _ in app.comparison(x, y)[0]]
    assert captions == ["input", "output", "and back"]
    hidden = ImageTranslator(**unpaired(paired_tests=True))
    captions = [caption[:6] for caption, _ in hidden.comparison(X, Y)[0]]
    assert captions == ["input", "output", "and ba", "target"]
    with pytest.raises(ValueError, match="without trainB|side by side"):
        ImageTranslator.read_data(
            tmp_path / "trainA", None, 0, settings_of("unpaired")
        )


def test_a_folder_of_the_other_kind_is_named(tmp_path):
    for name in ("trainA", "trainB"):
        (tmp_path / name).mkdir()
    with pytest.raises(ValueError, match="unpaired pictures"):
        ImageTranslator.read_data(tmp_path, None, 0, settings_of("pairs"))


def test_refuses_what_cannot_be_learnt_from(compiled, tmp_path):
    with pytest.raises(ValueError, match="no targets"):
        compiled.fit(X, verbose=0)
    with pytest.raises(ValueError, match="as many pictures.*4 and 3"):
        compiled.fit(X, Y[:3], verbose=0)
    with pytest.raises(ValueError, match="values from 0 to 255"):
        compiled.fit(X, Y + 9, verbose=0)
    with pytest.raises(ValueError, match=r"shape \(12, 12, 1\)"):
        compiled.translate_pictures(np.zeros((1, 8, 8, 1)))
    with pytest.raises(ValueError, match="Only a model that learnt both"):
        compiled.translate_pictures(X, back=True)
    with pytest.raises(ValueError, match="`jitter` must not be negative"):
        ImageTranslator(**paired(jitter=-1))
    with pytest.raises(WrongRequest, match="noise=False"):
        ImageTranslator(**paired(noise=True)).export(tmp_path / "e")
    pictures = np.zeros((2, 10, 10, 3), "uint8")
    split = data.Split(pictures, pictures)
    with pytest.raises(WrongRequest, match="divisible by 4.*10 by 10"):
        ImageTranslator.from_recipe(
            None, data.Splits(split, None, split), 1, 1, **settings_of("shapes")
        )

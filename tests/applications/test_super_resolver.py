import keras
import numpy as np
import pytest
from PIL import Image

from keras_nn import data
from keras_nn.applications import SuperResolver
from keras_nn.applications import UnknownChoice
from keras_nn.applications.recipe import resolve_settings
from keras_nn.applications.super_resolver_recipes import RECIPES
from keras_nn.data.reduced import reduced
from keras_nn.models import EDSR
from keras_nn.models import ESPCN
from keras_nn.testing import check_application


def make(scale=2, channels=3, **kwargs):
    network = ESPCN((None, None, channels), scale=scale, filters=[6, 4])
    return SuperResolver(network, scale, **kwargs)


def resolved(**settings):
    return resolve_settings(
        SuperResolver.default_settings(),
        SuperResolver.setting_choices(),
        settings,
    )


@pytest.mark.slow
def test_conformance():
    random = np.random.default_rng(0)
    y = random.uniform(0, 255, (6, 24, 24, 1)).astype("float32")
    x = y.reshape(6, 12, 2, 12, 2, 1).mean(axis=(2, 4))

    def arguments():
        network = ESPCN((12, 12, 1), scale=2, filters=[4, 3])
        return {"network": network, "scale": 2, "flip": False}

    # Replicas and XLA are asked of ESPCN itself.
    check_application(SuperResolver, arguments, x, y)


def after(epochs):
    keras.utils.set_random_seed(0)
    pairs = data.load("photographs-x2")
    app = SuperResolver(EDSR(scale=2, filters=16, num_blocks=2), 2)
    rate = keras.optimizers.schedules.CosineDecay(5e-3, 8 * 30)
    app.compile(keras.optimizers.Adam(rate))
    app.fit(
        pairs.train.take(60 * epochs), batch_size=16, epochs=epochs, verbose=0
    )
    return app


@pytest.fixture(scope="module")
def trained():
    return after(epochs=1)


@pytest.mark.slow
def test_learns_to_beat_bicubic_where_it_was_not_trained():
    learnt = after(epochs=8)
    pairs = data.load("photographs-x2")
    found = learnt.evaluate(pairs.test, verbose=0, return_dict=True)
    assert found["bicubic_gain"] > 0.05
    scores = learnt.example_scores(pairs.test)
    assert scores["psnr"].mean() == pytest.approx(found["psnr"], abs=1e-2)
    assert scores["ssim"].mean() == pytest.approx(found["ssim"], abs=1e-3)
    rows = learnt.compare(pairs.test.y)
    gains = [row["psnr"] - row["bicubic_psnr"] for row in rows]
    # Both are rounded to whole numbers here.
    assert np.mean(gains) == pytest.approx(found["bicubic_gain"], abs=0.1)
    assert all(row["ssim"] > row["bicubic_ssim"] for row in rows)


def test_files_of_any_size_are_enlarged(trained, tmp_path):
    for number, shape in enumerate(((15, 21, 3), (8, 9, 3))):
        pixels = np.full(shape, 50 * number, "uint8")
        Image.fromarray(pixels).save(tmp_path / f"{number}.png")
    rows = trained.predict_path(tmp_path, folder=tmp_path / "out")
    assert [(row["height"], row["width"]) for row in rows] == [
        (30, 42),
        (16, 18),
    ]
    written = np.asarray(Image.open(rows[0]["enlarged"]))
    (expected,) = trained.enlarge([np.zeros((15, 21, 3), "uint8")], tile=9)
    np.testing.assert_array_equal(written, expected)


def test_pairs_are_flipped_together():
    app = make()
    app.compile(keras.optimizers.SGD(0.0))
    random = np.random.default_rng(0)
    y = random.uniform(0, 255, (1, 20, 20, 3)).astype("float32")
    x = y[:, ::2, ::2]
    plain = make(flip=False)
    plain.set_weights(app.get_weights()[: len(plain.get_weights())])
    plain.compile(keras.optimizers.SGD(0.0))
    seen = set()
    for _ in range(12):
        seen.add(round(app.train_on_batch(x, y)[0], 4))
    expected = {
        round(plain.train_on_batch(x[:, ::a, ::b], y[:, ::a, ::b])[0], 4)
        for a in (1, -1)
        for b in (1, -1)
    }
    assert seen <= expected and len(seen) > 1


def test_a_network_that_has_learnt_nothing_is_near_bicubic():
    pairs = data.load("photographs-x3")
    app = make(scale=3)
    (small,) = pairs.test.x[:1]
    (said,) = app.enlarge([small])
    theirs = app._bicubic(small[None])[0]
    assert np.abs(said.astype("int32") - theirs).mean() < 32


def test_user_pictures_are_read_and_measured(trained, tmp_path):
    china = data.photograph("china")
    for number in range(3):
        part = china[:, 200 * number : 200 * number + 96]
        Image.fromarray(part).save(tmp_path / f"{number}.png")
    settings = resolved(patches=8)
    splits = SuperResolver.read_data(tmp_path, RECIPES[3], 0, settings)
    assert splits.train.y.shape == (8, 48, 48, 3)
    test = trained.read_test(tmp_path, settings)
    np.testing.assert_array_equal(test.x, reduced(test.y, 2))
    assert len(test) == 8


def test_instruments_compare_pictures(trained, tmp_path):
    pairs = data.load("photographs-x2").validation
    names = [type(i).__name__ for i in trained.inspectors(tmp_path, pairs)]
    assert "PictureComparison" in names
    (row, _) = trained.comparison(pairs.x, pairs.y)
    captions = [caption.split("\n")[0] for caption, _ in row]
    assert captions == ["bicubic", "ours", "truth"]


def test_refuses_what_does_not_fit():
    with pytest.raises(ValueError, match="3 times as large.*Received"):
        SuperResolver(ESPCN(scale=2, filters=[2, 2]), 3)
    with pytest.raises(ValueError, match="Received: scale=1"):
        make(scale=1)
    with pytest.raises(ValueError, match="takes pictures of 3 channels"):
        make().enlarge(np.zeros((1, 8, 8, 1)))
    with pytest.raises(UnknownChoice):
        resolved(network="vgg")

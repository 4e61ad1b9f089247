import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.models import DCGANDiscriminator
from keras_nn.models import DCGANGenerator
from keras_nn.models import InfoGAN
from keras_nn.testing.arguments import check_arguments
from keras_nn.testing.precision import global_policy
from keras_nn.testing.replica_step import check_replica_step

RNG = np.random.default_rng(0)
X = RNG.uniform(-1, 1, size=(6, 4, 4, 1)).astype("float32")


def arguments(categories=(3, 2), continuous=1, noise=2, **kwargs):
    codes = sum(categories) + continuous
    return {
        "generator": DCGANGenerator(
            noise + codes, (4, 4, 1), [4], batch_norm=False
        ),
        "discriminator": DCGANDiscriminator(
            (4, 4, 1),
            [4],
            None,
            num_classes=codes + continuous,
            condition="auxiliary",
        ),
        "categories": list(categories),
        "continuous": continuous,
        **kwargs,
    }


def make(rate=1e-2, **kwargs):
    model = InfoGAN(**arguments(**kwargs))
    model.compile({p: keras.optimizers.Adam(rate, 0.5) for p in model.players})
    return model


def test_arguments_are_kept():
    check_arguments(InfoGAN, InfoGAN(**arguments()), arguments())


@keras.saving.register_keras_serializable(package="keras_nn_tests")
class KnowsItsCodes(InfoGAN):
    """Takes the noise and the codes of a picture from the picture."""

    def noise(self, pictures, training):
        values = ops.reshape(pictures, (-1, 16))
        parts = [ops.sin(9 * values[:, :2])]
        for place, size in enumerate(self.categories, start=2):
            code = ops.floor((values[:, place] + 1) * 0.499 * size)
            parts.append(ops.one_hot(ops.cast(code, "int32"), size))
        return ops.concatenate([*parts, values[:, 4:5]], axis=-1)


@pytest.mark.slow
def test_two_replicas_equal_one_for_both_players():
    def build():
        model = KnowsItsCodes(**arguments())
        model.compile({p: keras.optimizers.SGD(0.1) for p in model.players})
        return model

    check_replica_step(build, (X[:5],))


def test_the_bound_equals_naive_numpy():
    model = InfoGAN(**arguments())
    codes = np.array([[0, 1, 0, 1, 0, 0.5], [1, 0, 0, 0, 1, -0.25]], "float32")
    said = RNG.normal(size=(2, 7)).astype("float32")
    found = np.sum([np.asarray(b) for b in model.bounds(codes, said)], axis=0)
    for code, row, value in zip(codes, said, found, strict=True):
        expected = np.log(3) + np.log(2) + np.log(2)
        for start, stop in ((0, 3), (3, 5)):
            odds = np.exp(row[start:stop])
            chosen = odds[code[start:stop].argmax()]
            expected += np.log(chosen / odds.sum())
        mean, deviation = row[5], np.exp(row[6])
        density = np.exp(-0.5 * ((code[5] - mean) / deviation) ** 2)
        density /= deviation * np.sqrt(2 * np.pi)
        expected += np.log(density)
        assert value == pytest.approx(expected, rel=1e-4)


def test_codes_read_for_certain_are_all_information():
    model = InfoGAN(**arguments((3,), 0))
    codes = np.eye(3, dtype="float32")
    np.testing.assert_allclose(model.bounds(codes, 50 * codes)[0], np.log(3))
    np.testing.assert_allclose(model.bounds(codes, 0 * codes), 0, atol=1e-6)


@pytest.mark.slow
def test_learns_to_write_codes_that_can_be_read(tmp_path):
    keras.utils.set_random_seed(0)
    model = make(categories=(2,), continuous=1)
    logs = model.fit(
        np.repeat(X, 8, 0), batch_size=16, epochs=40, verbose=0
    ).history
    assert logs["information"][-1] > logs["information"][0] + 0.3
    pictures = model.generate(64, labels=np.arange(64) % 2, seed=0)
    odds, numbers = model.read_codes(pictures)
    assert (odds.argmax(-1) == np.arange(64) % 2).mean() > 0.9
    assert numbers.shape == (64, 1)
    model.save(tmp_path / "a.keras")
    loaded = keras.saving.load_model(tmp_path / "a.keras")
    np.testing.assert_allclose(
        loaded.generate(2, codes=[[1, 0.5]], seed=0),
        model.generate(2, codes=[[1, 0.5]], seed=0),
        atol=1e-6,
    )


@pytest.mark.slow
def test_learns_codes_in_half_precision():
    keras.utils.set_random_seed(0)
    with global_policy("mixed_float16"):
        model = make(categories=(2,), continuous=1)
    assert model.discriminator.layers[1].compute_dtype == "float16"
    logs = model.fit(
        np.repeat(X, 8, 0), batch_size=16, epochs=40, verbose=0
    ).history
    assert np.isfinite(list(logs.values())).all()
    assert logs["information"][-1] > logs["information"][0] + 0.3
    odds, _ = model.read_codes(model.generate(64, np.arange(64) % 2, seed=0))
    assert (odds.argmax(-1) == np.arange(64) % 2).mean() > 0.9


def test_pictures_that_share_noise_differ_in_their_labels_alone():
    model = InfoGAN(**arguments())
    rows = model.generate(5, labels=[0, 1, 2, 0, 1], seed=0, shared=3)
    same = model.generate(5, labels=1, seed=0, shared=3)
    np.testing.assert_allclose(same[[0, 2, 3]], same[[1, 1, 4]], atol=1e-6)
    np.testing.assert_allclose(rows[[1, 4]], same[[1, 4]], atol=1e-6)
    for pictures, left, right in ((same, 2, 3), (rows, 0, 1), (rows, 1, 2)):
        assert np.abs(pictures[left] - pictures[right]).max() > 1e-3


def test_noise_holds_codes_of_every_kind():
    noise = np.asarray(InfoGAN(**arguments()).noise(np.zeros((500, 4)), False))
    assert noise.shape == (500, 8)
    for start, stop in ((2, 5), (5, 7)):
        part = noise[:, start:stop]
        assert (part.sum(1) == 1).all() and set(np.unique(part)) == {0, 1}
        assert part.mean(0).min() > 0.7 / (stop - start)
    assert noise[:, 7].min() < -0.9 and noise[:, 7].max() > 0.9


def test_refuses_what_it_cannot_be():
    with pytest.raises(ValueError, match="There must be a code"):
        make(categories=(), continuous=0)
    with pytest.raises(ValueError, match="without labels"):
        InfoGAN(**arguments(), num_classes=3)
    with pytest.raises(ValueError, match="more than the 6 units of codes"):
        make(noise=0)
    with pytest.raises(ValueError, match="Code 0 must be from 0 to 2"):
        make().generate(2, labels=3)
    with pytest.raises(ValueError, match=r"up to 3\)"):
        make().generate(2, codes=np.zeros((2, 4)))
    with pytest.raises(ValueError, match="`shared` must be positive"):
        make().generate(2, shared=0)
    with pytest.raises(ValueError, match="either `labels` or `codes`"):
        make().generate(2, labels=1, codes=[[1]])

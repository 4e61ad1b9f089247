import keras
import numpy as np
import pytest

from keras_nn.callbacks import NonFiniteGuard
from keras_nn.models import PatchDiscriminator
from keras_nn.models import Pix2Pix
from keras_nn.models import UNetTranslator
from keras_nn.testing.arguments import check_arguments
from keras_nn.testing.compiled_steps import check_compiled_steps
from keras_nn.testing.precision import global_policy
from keras_nn.testing.replica_step import check_replica_step

RNG = np.random.default_rng(0)
X, Y = (RNG.uniform(-1, 1, (5, 8, 8, c)).astype("float32") for c in (1, 2))


def arguments(normalization="instance", **kwargs):
    return {
        "generator": UNetTranslator(
            (8, 8, 1), 2, [4, 6], 0.0, False, normalization
        ),
        "discriminator": PatchDiscriminator((8, 8, 3), [4, 4], normalization),
        **kwargs,
    }


def make(rate=2e-3, **kwargs):
    model = Pix2Pix(**arguments(**kwargs))
    model.compile({p: keras.optimizers.Adam(rate, 0.5) for p in model.players})
    return model


def test_arguments_are_kept():
    check_arguments(Pix2Pix, Pix2Pix(**arguments()), arguments())


@pytest.mark.parametrize("loss", ["non_saturating", "least_squares"])
def test_losses_equal_naive_numpy(loss):
    model = make(adversarial_loss=loss, reconstruction_weight=7.0)
    drawn = np.asarray(model.generator(X))
    real, fake = (
        np.asarray(model.discriminator(np.concatenate([X, p], -1)))
        for p in (Y, drawn)
    )
    l1 = np.abs(Y - drawn).mean()
    if loss == "least_squares":
        judge = (0.5 * (real - 1) ** 2 + 0.5 * fake**2).mean()
        drawer = (0.5 * (fake - 1) ** 2).mean()
    else:
        judge = np.log1p(np.exp(-real)).mean() + np.log1p(np.exp(fake)).mean()
        drawer = np.log1p(np.exp(-fake)).mean()
    expected = {"discriminator": judge / 2, "generator": drawer + 7 * l1}
    for player, value in expected.items():
        found = float(model.player_loss(player, X, Y, None, False))
        assert found == pytest.approx(value, rel=1e-4), player


@pytest.mark.slow
def test_two_replicas_equal_one_and_steps_compile():
    def build():
        model = Pix2Pix(**arguments())
        model.compile(
            {
                "generator": keras.optimizers.SGD(0.01, global_clipnorm=0.5),
                "discriminator": keras.optimizers.SGD(0.1, momentum=0.9),
            }
        )
        return model

    check_replica_step(build, (X, Y))
    check_compiled_steps(make(normalization="batch"), (X, Y))


@pytest.mark.slow
def test_learns_in_half_precision_and_a_file_keeps_both_optimisers(tmp_path):
    keras.utils.set_random_seed(0)
    with global_policy("mixed_float16"):
        model = make()
    logs = model.fit(X, Y, epochs=25, verbose=0).history
    assert logs["l1"][-1] < 0.9 * logs["l1"][0]
    assert {"real_score", "fake_score", "discriminator_loss"} <= set(logs)
    model.save(tmp_path / "a.keras")
    loaded = keras.saving.load_model(tmp_path / "a.keras")
    np.testing.assert_allclose(loaded.translate(X), model.translate(X))
    for player in model.players:
        mine, its = (m.optimizers[player].variables for m in (model, loaded))
        assert len(mine) == len(its) > 4
        for left, right in zip(mine, its, strict=True):
            np.testing.assert_array_equal(left.numpy(), right.numpy())
    loaded.fit(X, Y, verbose=0)


def test_noise_is_drawn_by_seed():
    parts = arguments()
    parts["generator"] = UNetTranslator((8, 8, 1), 2, [4, 6], 0.5, True)
    model = Pix2Pix(**parts)
    first, again, other = (model.translate(X, seed=s) for s in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 0
    assert model.target_shape == (8, 8, 2)


@pytest.mark.slow
def test_constant_pictures_and_one_pair_are_learnt():
    model = make(rate=1e-2)
    x = np.zeros((1, 8, 8, 1), "float32")
    y = np.full((1, 8, 8, 2), 0.5, "float32")
    model.fit(x, y, epochs=100, verbose=0)
    assert np.abs(model.translate(x) - 0.5).mean() < 0.1


def test_divergence_is_named(tmp_path):
    model = make(rate=1e25, normalization=None)
    with pytest.warns(UserWarning, match="is the first"):
        model.fit(
            X, Y, epochs=9, verbose=0, callbacks=[NonFiniteGuard(tmp_path)]
        )


def test_refuses_what_does_not_fit():
    with pytest.raises(ValueError, match=r"joined, of 1 \+ 2.*Received: 2"):
        Pix2Pix(arguments()["generator"], PatchDiscriminator((8, 8, 2), [4, 4]))
    with pytest.raises(ValueError, match="`discriminator_weight` positive"):
        make(discriminator_weight=0)
    with pytest.raises(ValueError, match="no targets"):
        make().fit(X, verbose=0)
    with pytest.raises(ValueError, match="must be finite"):
        make().fit(X, np.where(Y > 0.9, np.nan, Y), verbose=0)

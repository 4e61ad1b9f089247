import contextlib

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_nn.callbacks import Checkpoint
from keras_nn.callbacks import NonFiniteGuard
from keras_nn.models import GAN
from keras_nn.models import DCGANDiscriminator
from keras_nn.models import DCGANGenerator
from keras_nn.models import GradientPenalty
from keras_nn.models import ZeroCentredPenalty
from keras_nn.models.gan.games import LOSSES
from keras_nn.testing import slow_but
from keras_nn.testing import two_replicas
from keras_nn.testing.arguments import check_arguments
from keras_nn.testing.compiled_steps import check_compiled_steps
from keras_nn.testing.replica_step import check_replica_step

RNG = np.random.default_rng(0)
X = RNG.uniform(-1, 1, size=(6, 4, 4, 1)).astype("float32")
Y = np.arange(6) % 3


def arguments(num_classes=None, auxiliary=0.0, **kwargs):
    how = "auxiliary" if auxiliary else "projection"
    return {
        "generator": DCGANGenerator(
            3, (4, 4, 1), [4], batch_norm=False, num_classes=num_classes
        ),
        "discriminator": DCGANDiscriminator(
            (4, 4, 1), [4], None, num_classes=num_classes, condition=how
        ),
        "num_classes": num_classes,
        "auxiliary": auxiliary,
        **kwargs,
    }


def make(num_classes=None, auxiliary=0.0, rate=1e-2, **kwargs):
    model = GAN(**arguments(num_classes, auxiliary, **kwargs))
    compiled(model, rate)
    return model


def compiled(model, rate=1e-2):
    model.compile(
        {
            "generator": keras.optimizers.Adam(rate, 0.5),
            "discriminator": keras.optimizers.Adam(rate, 0.5),
        }
    )


def test_arguments_are_kept():
    check_arguments(GAN, GAN(**arguments()), arguments())


@keras.saving.register_keras_serializable(package="keras_nn_tests")
class KnowsItsNoise(GAN):
    """Takes the noise of a picture from the picture."""

    def noise(self, pictures, training):
        return tf.sin(9 * tf.reshape(pictures, (-1, 16))[:, :3])


def test_two_replicas_equal_one_for_both_players():
    def build():
        given = arguments(
            3, adversarial_loss="hinge", penalties=[ZeroCentredPenalty(1.0)]
        )
        model = KnowsItsNoise(**given, critic_steps=2)
        model.compile(
            {
                "generator": keras.optimizers.SGD(0.1, global_clipnorm=0.5),
                "discriminator": keras.optimizers.SGD(0.1, momentum=0.9),
            }
        )
        return model

    check_replica_step(build, (X[:5], Y[:5]))


@pytest.mark.parametrize(
    "loss", slow_but("hinge", "relativistic", of=sorted(LOSSES))
)
def test_each_side_learns_its_part_of_every_game(loss):
    keras.utils.set_random_seed(0)
    model = make(adversarial_loss=loss)
    for player in model.players:
        before = float(model.player_loss(player, X, None, None, False))
        model.schedule = (player,)
        model.make_train_function(force=True)
        model.fit(X, epochs=20, verbose=0)
        after = float(model.player_loss(player, X, None, None, False))
        assert after < before, (loss, player)


def test_learns_in_half_precision():
    keras.config.set_dtype_policy("mixed_float16")
    try:
        model = make(penalties=[GradientPenalty()])
    finally:
        keras.config.set_dtype_policy("float32")
    before = model.get_weights()
    logs = model.fit(X, epochs=8, verbose=0).history
    assert np.isfinite(list(logs.values())).all()
    moved = [
        np.abs(a - b).max()
        for a, b in zip(model.get_weights(), before, strict=True)
    ]
    assert min(moved[:2]) > 1e-3  # not one step that stood still


def test_the_loss_is_that_of_the_game_the_penalty_and_the_names():
    model = make(3, auxiliary=0.5, penalties=[ZeroCentredPenalty(2.0)])
    noise = np.asarray(model.noise(X, training=False))
    fake = np.asarray(model.generator({"noise": noise, "labels": Y}))
    real, drawn = (np.asarray(model.discriminator(p)) for p in (X, fake))

    def naming(said):
        logits = said[:, 1:]
        total = np.log(np.exp(logits).sum(-1))
        return 0.5 * (total - logits[np.arange(6), Y]).mean()

    pictures = tf.constant(X)
    with tf.GradientTape() as tape:
        tape.watch(pictures)
        score = model.discriminator(pictures)[:, 0]
    slope = tape.gradient(score, pictures).numpy().reshape(6, -1)
    expected = {
        "discriminator": np.mean(
            np.log1p(np.exp(-real[:, 0])) + np.log1p(np.exp(drawn[:, 0]))
        )
        + naming(real)
        + (slope**2).sum(-1).mean(),
        "generator": np.mean(np.log1p(np.exp(-drawn[:, 0]))) + naming(drawn),
    }
    for player, value in expected.items():
        found = float(model.player_loss(player, X, Y, None, False))
        assert found == pytest.approx(value, rel=1e-4), player


@pytest.mark.slow
def test_steps_compile_whole():
    check_compiled_steps(make(3, penalties=[GradientPenalty()]), (X, Y))


def test_a_run_that_was_cut_goes_on_as_if_it_had_not(tmp_path):
    runs = []
    for cut in (False, True):
        keras.utils.set_random_seed(0)
        model = make()
        if cut:
            model.fit(
                X,
                batch_size=3,
                epochs=1,
                verbose=0,
                callbacks=[Checkpoint(tmp_path / "c")],
            )
            keras.utils.set_random_seed(5)
            model = make()
        folder = tmp_path / ("c" if cut else "whole")
        model.fit(
            X,
            batch_size=3,
            epochs=3,
            verbose=0,
            callbacks=[Checkpoint(folder)],
        )
        runs.append(model)
    for one, other in zip(*(m.get_weights() for m in runs), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)
    for player in model.players:
        states = [m.optimizers[player].variables for m in runs]
        for one, other in zip(*states, strict=True):
            np.testing.assert_allclose(one, other, atol=1e-6)


def test_a_file_keeps_both_optimisers(tmp_path):
    model = make(3, adversarial_loss="hinge", penalties=[GradientPenalty(5.0)])
    model.fit(X, Y, epochs=2, verbose=0)
    model.save(tmp_path / "gan.keras")
    loaded = keras.saving.load_model(tmp_path / "gan.keras")
    assert loaded.penalties[0].weight == 5.0
    np.testing.assert_allclose(
        loaded.generate(3, [0, 1, 2], seed=0),
        model.generate(3, [0, 1, 2], seed=0),
        atol=1e-6,
    )
    for player in model.players:
        mine, its = (m.optimizers[player].variables for m in (model, loaded))
        assert len(mine) == len(its) > 4
        for left, right in zip(mine, its, strict=True):
            np.testing.assert_array_equal(left.numpy(), right.numpy())


@pytest.mark.slow
@pytest.mark.parametrize("constant", [-1.0, 0.5])
def test_learns_a_constant_picture(constant):
    keras.utils.set_random_seed(0)
    model = make(
        penalties=[ZeroCentredPenalty(1.0)], adversarial_loss="relativistic"
    )
    pictures = np.full((256, 4, 4, 1), constant)
    model.fit(pictures, epochs=30, verbose=0)
    assert abs(model.generate(16, seed=0).mean() - constant) < 0.3


def test_labels_are_optional_and_the_same_seed_draws_the_same():
    model = make()
    model.fit(X, Y, verbose=0)  # as a data set of a classifier comes
    model.fit(X[:1], verbose=0)
    first, again, other = (model.generate(2, seed=s) for s in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 1e-4
    assert model.predict(X, verbose=0).shape == (6, 1)


def test_classes_that_are_missing_leave_the_others_alone():
    model = make(3)
    model.fit(X, np.zeros(6), epochs=2, verbose=0)
    assert np.isfinite(model.generate(4, labels=2)).all()
    assert np.isfinite(model.generate(4)).all()
    told = {"pictures": X, "labels": Y}
    assert np.abs(model(told) - model(X)).max() >= 0


def test_divergence_is_named(tmp_path):
    model = make(rate=1e20)
    with pytest.warns(UserWarning, match="'dcgan_.*' is the first"):
        model.fit(X, epochs=50, verbose=0, callbacks=[NonFiniteGuard(tmp_path)])
    assert all(np.isfinite(w).all() for w in model.get_weights())


@pytest.mark.parametrize(
    "x, y, message",
    [
        (X * 200, None, "values from -1 to 1. Received: values from"),
        (np.where(X > 0.9, np.nan, X), None, "must be finite"),
        (X, Y + 1, "labels must be from 0 to 2"),
    ],
)
def test_refuses_data_that_cannot_be(x, y, message):
    model = make(None if y is None else 3)
    with pytest.raises(ValueError, match=message):
        model.fit(x, y, verbose=0)


@pytest.mark.parametrize(
    "given, message",
    [
        ({"adversarial_loss": "l2"}, "`adversarial_loss` must be one of"),
        ({"critic_steps": 0}, "`critic_steps` must be positive"),
        ({"auxiliary": 1.0}, "`auxiliary` is for a model with classes"),
    ],
)
def test_refuses_what_it_cannot_be(given, message):
    with pytest.raises(ValueError, match=message):
        make(**given)


def test_refuses_networks_that_do_not_fit():
    with pytest.raises(ValueError, match="takes a dict of `noise`"):
        GAN(**{**arguments(), "num_classes": 3})
    parts = arguments(3, auxiliary=1.0)
    parts["discriminator"] = DCGANDiscriminator((4, 4, 1), [4])
    with pytest.raises(ValueError, match="must say 4 numbers.*Received: 1"):
        GAN(**parts)
    with pytest.raises(ValueError, match="learns from pictures and labels"):
        make(3).fit(X, verbose=0)
    with pytest.raises(ValueError, match="Received: sample_weight"):
        make().fit(X, Y, sample_weight=np.ones(6), verbose=0)


@pytest.mark.slow
def test_a_scope_of_replicas_takes_spectral_norms():
    with two_replicas().scope(), contextlib.nullcontext():
        parts = arguments()
        parts["discriminator"] = DCGANDiscriminator((4, 4, 1), [4], "spectral")
        model = GAN(**parts)
        compiled(model)
        logs = model.fit(X, epochs=2, batch_size=4, verbose=0).history
    assert np.isfinite(list(logs.values())).all()


def test_each_penalty_is_logged_as_it_counts():
    penalties = [GradientPenalty(3.0), ZeroCentredPenalty(2.0)]
    model = make(penalties=penalties)
    logs = model.evaluate(X, batch_size=6, verbose=0, return_dict=True)
    fake = model.draw(model.noise(X, False), False)
    real = keras.ops.convert_to_tensor(X)
    for penalty in penalties:
        expected = penalty(model.discriminator, real, fake, 1).numpy().mean()
        assert expected > 0
        np.testing.assert_allclose(logs[penalty.name], expected, rtol=1e-4)

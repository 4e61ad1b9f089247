import keras
import numpy as np
import pytest

from keras_nn.callbacks import Checkpoint
from keras_nn.models import CycleGAN
from keras_nn.models import PatchDiscriminator
from keras_nn.models import ResNetTranslator
from keras_nn.testing.arguments import check_arguments
from keras_nn.testing.compiled_steps import check_compiled_steps
from keras_nn.testing.precision import global_policy
from keras_nn.testing.replica_step import check_replica_step

RNG = np.random.default_rng(0)
X, Y = (RNG.uniform(-1, 1, (5, 8, 8, 1)).astype("float32") for _ in range(2))


def arguments(**kwargs):
    drawers = [
        ResNetTranslator((8, 8, 1), 1, filters=2, num_blocks=0)
        for _ in range(2)
    ]
    judges = [
        PatchDiscriminator((8, 8, 1), [3, 3], "instance") for _ in range(2)
    ]
    return {
        "generator": drawers[0],
        "back_generator": drawers[1],
        "discriminator": judges[0],
        "back_discriminator": judges[1],
        **kwargs,
    }


def make(rate=2e-3, **kwargs):
    model = CycleGAN(**arguments(**kwargs))
    model.compile({p: keras.optimizers.Adam(rate, 0.5) for p in model.players})
    return model


def test_arguments_are_kept():
    check_arguments(CycleGAN, CycleGAN(**arguments()), arguments())


def test_losses_equal_naive_numpy():
    model = make(cycle_weight=3.0, identity_weight=0.25)

    def of(network, pictures):
        return np.asarray(network(pictures))

    there, back = of(model.generator, X), of(model.back_generator, Y)
    d, e = model.discriminator, model.back_discriminator
    cycle = (
        np.abs(of(model.back_generator, there) - X).mean()
        + np.abs(of(model.generator, back) - Y).mean()
    )
    same = (
        np.abs(of(model.generator, Y) - Y).mean()
        + np.abs(of(model.back_generator, X) - X).mean()
    )
    expected = {
        "generators": ((of(d, there) - 1) ** 2).mean()
        + ((of(e, back) - 1) ** 2).mean()
        + 3.0 * cycle
        + 0.75 * same,
        "discriminators": 0.5
        * (
            ((of(d, Y) - 1) ** 2).mean()
            + (of(d, there) ** 2).mean()
            + ((of(e, X) - 1) ** 2).mean()
            + (of(e, back) ** 2).mean()
        ),
    }
    for player, value in expected.items():
        found = float(model.player_loss(player, X, Y, None, False))
        assert found == pytest.approx(value, rel=1e-4), player


@pytest.mark.slow
def test_two_replicas_equal_one_with_a_full_history():
    old = RNG.uniform(-1, 1, (3, 8, 8, 1)).astype("float32")

    def build():
        model = CycleGAN(**arguments(history_size=3))
        for history in (model.drawn_history, model.back_history):
            history.pictures.assign(old)
            history.count.assign(3)
        model.compile(
            {
                "generators": keras.optimizers.SGD(0.01, global_clipnorm=0.5),
                "discriminators": keras.optimizers.SGD(0.1, momentum=0.9),
            }
        )
        return model

    check_replica_step(build, (X, Y))


@pytest.mark.slow
def test_steps_compile_whole():
    check_compiled_steps(make(history_size=3), (X, Y))


@pytest.mark.slow
def test_learns_in_half_precision_and_a_file_keeps_all(tmp_path):
    keras.utils.set_random_seed(0)
    with global_policy("mixed_float16"):
        model = make(history_size=4)
    logs = model.fit(X, Y, batch_size=3, epochs=12, verbose=0).history
    assert logs["cycle_l1"][-1] < 0.95 * logs["cycle_l1"][0]
    assert int(model.drawn_history.count) == 4
    model.save(tmp_path / "a.keras")
    loaded = keras.saving.load_model(tmp_path / "a.keras")
    np.testing.assert_array_equal(
        loaded.drawn_history.pictures, model.drawn_history.pictures
    )
    np.testing.assert_allclose(
        loaded.translate(X, back=True), model.translate(X, back=True)
    )
    for player in model.players:
        mine, its = (m.optimizers[player].variables for m in (model, loaded))
        assert len(mine) == len(its) > 4
        for left, right in zip(mine, its, strict=True):
            np.testing.assert_array_equal(left.numpy(), right.numpy())


@pytest.mark.slow
def test_a_run_that_was_cut_goes_on_as_if_it_had_not(tmp_path):
    def fit(model, folder, epochs):
        saved = [Checkpoint(tmp_path / folder)]
        model.fit(X, Y, 3, epochs=epochs, verbose=0, callbacks=saved)

    runs = []
    for cut in (False, True):
        keras.utils.set_random_seed(0)
        model = make(history_size=4)
        if cut:
            fit(model, "cut", 2)
            keras.utils.set_random_seed(5)
            model = make(history_size=4)
        fit(model, "cut" if cut else "whole", 4)
        runs.append(model)
    for one, other in zip(*(m.get_weights() for m in runs), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)
    for player in model.players:
        states = [m.optimizers[player].variables for m in runs]
        for one, other in zip(*states, strict=True):
            np.testing.assert_allclose(one, other, atol=1e-6)


def test_refuses_what_does_not_fit():
    parts = arguments()
    parts["generator"] = ResNetTranslator((8, 8, 1), 3, 2, 1)
    with pytest.raises(ValueError, match="take what the other draws"):
        CycleGAN(**parts)
    parts["back_generator"] = ResNetTranslator((8, 8, 3), 1, 2, 1)
    with pytest.raises(ValueError, match="`identity_weight` must be 0"):
        CycleGAN(**parts)
    with pytest.raises(ValueError, match="of 3 channels. Received: 1"):
        CycleGAN(**parts, identity_weight=0)
    with pytest.raises(
        ValueError, match="must not be negative.*history_size=-1"
    ):
        make(history_size=-1)
    with pytest.raises(ValueError, match="as many pictures on both sides"):
        make().fit(X, Y[:3], verbose=0)

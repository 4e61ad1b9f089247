import contextlib
import warnings

import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.testing import slow_but
from keras_nn.testing import two_replicas
from keras_nn.training import MultiPlayerModel


@keras.saving.register_keras_serializable(package="keras_nn_tests")
class TinyGAN(MultiPlayerModel):
    schedule = ("critic", "critic", "painter")

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.painter = _network(2, "painter", self.dtype_policy)
        self.critic = _network(1, "critic", self.dtype_policy)
        self.built = True

    def call(self, noise):
        return self.painter(noise)

    def player_weights(self, player):
        return getattr(self, player).trainable_weights

    def player_loss(self, player, x, y, sample_weight, training):
        entropy = keras.losses.BinaryCrossentropy(from_logits=True)
        fake = self.critic(self.painter(x["noise"], training=training))
        if player == "painter":
            return entropy(ops.ones_like(fake), fake)
        real = self.critic(x["real"])
        # One term by a Loss object, one by hand: both are means.
        return entropy(ops.ones_like(real), real) + ops.mean(ops.softplus(fake))


def _network(width, name, dtype):
    return keras.Sequential(
        [
            keras.Input((width,)),
            keras.layers.Dense(4, activation="tanh", dtype=dtype),
            keras.layers.Dense(1, dtype="float32"),
        ],
        name=name,
    )


def played(scope, policy="float32", epochs=2):
    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    x = {
        "noise": rng.normal(size=(25, 2)).astype("float32"),
        "real": rng.normal(2, 1, size=(25, 1)).astype("float32"),
    }
    with scope:
        keras.config.set_dtype_policy(policy)
        model = TinyGAN()
        keras.config.set_dtype_policy("float32")
        model.compile(
            {
                "critic": keras.optimizers.SGD(0.1, momentum=0.9),
                "painter": keras.optimizers.Adam(0.05, global_clipnorm=0.01),
            }
        )
        history = model.fit(
            x, batch_size=11, epochs=epochs, verbose=0, shuffle=False
        )
    return model, history.history, x


@pytest.mark.parametrize(
    ("policy", "tolerance"),
    [
        ("float32", 1e-5),
        pytest.param("mixed_float16", 2e-3, marks=pytest.mark.slow),
    ],
)
def test_two_replicas_equal_one_for_both_players(policy, tolerance):
    one, losses, _ = played(contextlib.nullcontext(), policy)
    two, also, _ = played(two_replicas().scope(), policy)
    for left, right in zip(one.get_weights(), two.get_weights(), strict=True):
        np.testing.assert_allclose(left, right, atol=tolerance)
    for name in ("loss", "critic_loss", "painter_loss"):
        np.testing.assert_allclose(losses[name], also[name], rtol=1e-3)


def test_each_player_plays_its_turns():
    model, _, _ = played(contextlib.nullcontext(), epochs=1)
    turns = {p: int(o.iterations) for p, o in model.optimizers.items()}
    assert turns == {"critic": 6, "painter": 3}  # 3 batches


def test_a_player_moves_only_its_own_weights():
    model, _, x = played(contextlib.nullcontext(), epochs=1)
    before = [np.copy(w) for w in model.critic.get_weights()]
    model.schedule = ("painter",)
    model.make_train_function(force=True)
    model.fit(x, verbose=0)
    for old, new in zip(before, model.critic.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


@pytest.mark.parametrize(
    "policy", slow_but("mixed_float16", of=["float32", "mixed_float16"])
)
def test_both_optimisers_survive_save_and_load(tmp_path, policy):
    model, _, x = played(contextlib.nullcontext(), policy)
    model.save(tmp_path / "gan.keras")
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        loaded = keras.saving.load_model(tmp_path / "gan.keras")
    for player in model.players:
        mine = model.optimizers[player]
        its = loaded.optimizers[player]
        assert type(mine) is type(its)
        assert len(mine.variables) == len(its.variables) > 3
        for left, right in zip(mine.variables, its.variables, strict=True):
            np.testing.assert_array_equal(left.numpy(), right.numpy())
    for one in (model, loaded):  # and the game goes on equally
        one.fit(x, batch_size=11, verbose=0, shuffle=False)
    for left, right in zip(
        model.get_weights(), loaded.get_weights(), strict=True
    ):
        np.testing.assert_allclose(left, right, atol=1e-6)


@pytest.mark.parametrize("replicas", [1, 2])
def test_a_player_ends_with_its_averaged_weights(replicas):
    two = two_replicas().scope()
    with two if replicas == 2 else contextlib.nullcontext():
        model = TinyGAN()
        optimizer = keras.optimizers.SGD(0.1, use_ema=True, ema_momentum=0.5)
        model.compile({"critic": "sgd", "painter": optimizer})
        x = {"noise": np.ones((8, 2)), "real": np.ones((8, 1))}
        model.fit(x, batch_size=4, epochs=2, verbose=0)
    averages = optimizer._model_variables_moving_average
    for weight, average in zip(
        model.painter.trainable_weights, averages, strict=True
    ):
        np.testing.assert_array_equal(weight.numpy(), average.numpy())


def test_evaluate_reports_every_player():
    model, _, x = played(contextlib.nullcontext(), epochs=1)
    result = model.evaluate(x, verbose=0, return_dict=True)
    assert set(result) == {"loss", "critic_loss", "painter_loss"}
    total = result["critic_loss"] + result["painter_loss"]
    assert result["loss"] == pytest.approx(total, rel=1e-5)


@pytest.mark.parametrize("optimizer", [None, {"critic": "sgd"}])
def test_refuses_a_player_without_an_optimiser(optimizer):
    with pytest.raises(ValueError, match="one optimiser for each of.*Received"):
        TinyGAN().compile(optimizer)


def test_refuses_one_optimiser_for_two_players():
    shared = keras.optimizers.SGD()
    with pytest.raises(ValueError, match="must not share"):
        TinyGAN().compile({"critic": shared, "painter": shared})


def test_refuses_a_subclass_without_a_loss():
    class Mute(MultiPlayerModel):
        schedule = ("one",)

    model = Mute()
    with pytest.raises(TypeError, match="Mute must implement `player_loss`"):
        model.player_loss("one", None, None, None, True)


@keras.saving.register_keras_serializable(package="keras_nn_tests")
class Duel(MultiPlayerModel):
    """Each turn looks at what the turn before it has done."""

    schedule = ("left", "left", "right")

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.left = self.add_weight(name="left", initializer="ones")
        self.right = self.add_weight(name="right", initializer="ones")
        self.built = True

    def player_weights(self, player):
        return [getattr(self, player)]

    def player_loss(self, player, x, y, sample_weight, training):
        rope = x * self.left - keras.ops.square(x) * self.right
        sign = 1.0 if player == "left" else -0.5
        return keras.ops.mean(keras.ops.square(rope - sign))

    def call(self, x):
        return x * self.left - self.right


def duel(replicas, accumulated, policy):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(29, 1)).astype("float32")
    with two_replicas().scope() if replicas == 2 else contextlib.nullcontext():
        model = Duel(dtype=policy)
        adam = keras.optimizers.Adam(0.05, global_clipnorm=0.1)
        model.compile({"left": keras.optimizers.SGD(0.1), "right": adam})
        if accumulated:
            model.accumulate(3)
        history = model.fit(
            x,
            batch_size=4 if accumulated else 12,
            epochs=2,
            verbose=0,
            shuffle=False,
        )
    return model, history.history


@pytest.mark.parametrize("replicas", [1, 2])
@pytest.mark.parametrize(
    "policy", slow_but("float32", of=["float32", "mixed_float16"])
)
def test_every_turn_of_a_game_equals_that_of_the_larger_batch(replicas, policy):
    expected, losses = duel(1, False, policy)
    model, received = duel(replicas, True, policy)
    for left, right in zip(
        model.get_weights(), expected.get_weights(), strict=True
    ):
        np.testing.assert_allclose(left, right, atol=1e-6)
    for name, values in losses.items():
        np.testing.assert_allclose(received[name], values, rtol=1e-5)
    turns = {p: int(o.iterations) for p, o in model.optimizers.items()}
    assert turns == {"left": 12, "right": 6}


def test_refuses_optimisers_that_differ():
    model = Duel()
    sgd = keras.optimizers.SGD(gradient_accumulation_steps=2)
    model.compile({"left": sgd, "right": "sgd"})
    with pytest.raises(ValueError, match=r"Received: \[1, 2\]"):
        model.fit(np.ones((8, 1)), verbose=0)

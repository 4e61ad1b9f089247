import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_nn.models import GAN
from keras_nn.models import AdaptiveAugmentation
from keras_nn.models import DCGANDiscriminator
from keras_nn.models import DCGANGenerator
from keras_nn.models import ZeroCentredPenalty
from keras_nn.models.gan.adaptive_augmentation import GROUPS
from keras_nn.testing import check_layer
from keras_nn.testing.compiled_steps import check_compiled_steps
from keras_nn.testing.precision import global_policy

RNG = np.random.default_rng(0)
X = RNG.uniform(-1, 1, (16, 8, 8, 3)).astype("float32")


def test_conformance():
    check_layer(
        AdaptiveAugmentation,
        {"start": 0.3},
        X[:3],
        half=False,
        jit=False,  # XLA compiles the steps of a GAN with it below
        replicas=False,
    )


def test_is_the_identity_at_no_probability_and_out_of_training():
    layer = AdaptiveAugmentation()
    np.testing.assert_allclose(layer(X, training=True), X, atol=1e-6)
    layer.p.assign(0.8)
    np.testing.assert_array_equal(layer(X), X)
    assert np.abs(layer(X, training=True) - X).max() > 0.1


def test_flips_and_turns_move_pixels_whole():
    layer = AdaptiveAugmentation(["blit"], limit=1.0, start=1.0)
    moves = layer.draw(X)
    shifted = np.abs(moves["places"][:, :2, 2]).max(1) > 0
    found = np.asarray(layer.move(X, moves))
    for picture, moved, shift in zip(X, found, shifted, strict=True):
        if shift:
            continue
        turned = [
            np.rot90(picture[:, ::flip], turns)
            for flip, turns in itertools.product((1, -1), range(4))
        ]
        assert min(np.abs(t - moved).max() for t in turned) < 1e-5
    assert shifted.sum() < 16


@pytest.mark.parametrize("channels", [1, 3])
def test_has_a_gradient_that_is_its_adjoint(channels):
    layer = AdaptiveAugmentation(limit=1.0, start=1.0)
    x = tf.constant(X[:4, ..., :channels])
    moves = layer.draw(x)
    zero = layer.move(tf.zeros_like(x), moves)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = layer.move(x, moves) - zero  # linear in the pictures
        total = tf.reduce_sum(y * y)
    gradient = tape.gradient(total, x)
    left = tf.reduce_sum(gradient * x)
    np.testing.assert_allclose(left, 2 * total, rtol=1e-3)


def test_moves_far_from_certain_do_not_hide_what_pictures_are():
    """A pixel's mean over the moves tells pictures apart: nothing leaks."""
    one, other = np.zeros((2, 1, 8, 8, 1), "float32")
    one[0, 1, 2], other[0, 5, 2] = 1.0, 1.0
    layer = AdaptiveAugmentation(["blit"], start=0.5)
    means = [
        np.asarray(layer(np.repeat(p, 600, 0), training=True)).mean(0)
        for p in (one, other)
    ]
    for mean, where in zip(means, ((1, 2), (5, 2)), strict=True):
        assert np.unravel_index(mean[..., 0].argmax(), (8, 8)) == where


def test_p_follows_the_signs_of_real_scores():
    layer = AdaptiveAugmentation(length=100, interval=2, start=0.4)
    ones, mixed = tf.ones((5, 1)), tf.constant([[1.0], [-1.0], [1.0]])
    layer.adapt(ones)
    assert float(layer.p) == pytest.approx(0.4)
    layer.adapt(ones)  # r = 1 > 0.6, of 10 pictures
    assert float(layer.p) == pytest.approx(0.5)
    for _ in range(2):
        layer.adapt(mixed)  # r = 1/3, of 6
    assert float(layer.p) == pytest.approx(0.44)
    for _ in range(20):
        layer.adapt(ones)
    assert float(layer.p) == pytest.approx(0.8)


def make(groups):
    model = GAN(
        DCGANGenerator(3, (8, 8, 1), [4], batch_norm=False),
        DCGANDiscriminator((8, 8, 1), [4], None),
        penalties=[ZeroCentredPenalty(1.0, every=2)],
        augmentation=AdaptiveAugmentation(groups, start=0.5, length=50),
    )
    model.compile({p: keras.optimizers.Adam(1e-3) for p in model.players})
    return model


@pytest.mark.slow
def test_any_gan_learns_through_it(tmp_path):
    keras.utils.set_random_seed(0)
    model = make(["blit"])
    logs = model.fit(X[..., :1], batch_size=8, epochs=3, verbose=0).history
    assert np.isfinite(list(logs.values())).all()
    assert float(model.augmentation.p) != 0.5
    model.save(tmp_path / "a.keras")
    loaded = keras.saving.load_model(tmp_path / "a.keras")
    for mine, its in zip(
        model.augmentation.weights, loaded.augmentation.weights, strict=True
    ):
        np.testing.assert_array_equal(mine, its)


@pytest.mark.slow
def test_a_gan_learns_through_every_move_in_half_precision():
    keras.utils.set_random_seed(0)
    with global_policy("mixed_float16"):
        model = make(GROUPS)
    assert model.discriminator.layers[1].compute_dtype == "float16"
    before = model.get_weights()
    logs = model.fit(X[..., :1], batch_size=8, epochs=10, verbose=0).history
    assert np.isfinite(list(logs.values())).all()
    moved = [
        np.abs(a - b).max()
        for a, b in zip(model.get_weights(), before, strict=True)
    ]
    assert sum(m > 1e-3 for m in moved) > len(moved) / 2
    assert float(model.augmentation.p) != 0.5


@pytest.mark.slow
def test_steps_compile_whole_with_every_move():
    check_compiled_steps(make(GROUPS), (X[:4, ..., :1],))


def test_refuses_what_it_cannot_be():
    with pytest.raises(ValueError, match="`groups` must be of"):
        AdaptiveAugmentation(["blur"])
    with pytest.raises(ValueError, match="`limit` rise from 0 to 1"):
        AdaptiveAugmentation(start=0.9)
    with pytest.raises(ValueError, match="1 or 3 channels. Received: 2"):
        AdaptiveAugmentation().draw(X[..., :2])

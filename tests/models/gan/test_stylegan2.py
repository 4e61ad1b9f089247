import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_nn.layers import StyledConv2D
from keras_nn.models import AdaptiveAugmentation
from keras_nn.models import DCGANDiscriminator
from keras_nn.models import DCGANGenerator
from keras_nn.models import StyleGAN2
from keras_nn.models import StyleGAN2Discriminator
from keras_nn.models import StyleGAN2Generator
from keras_nn.models import ZeroCentredPenalty
from keras_nn.testing import two_replicas
from keras_nn.testing.arguments import check_arguments
from keras_nn.testing.precision import global_policy
from keras_nn.testing.replica_step import check_replica_step

RNG = np.random.default_rng(0)
X = RNG.uniform(-1, 1, size=(8, 8, 8, 1)).astype("float32")
Y = np.arange(8) % 3


def arguments(num_classes=None, **kwargs):
    return {
        "generator": StyleGAN2Generator(
            3, (8, 8, 1), [4, 3], 4, 1, num_classes=num_classes
        ),
        "discriminator": StyleGAN2Discriminator(
            (8, 8, 1), [4, 3], num_classes=num_classes
        ),
        "num_classes": num_classes,
        **kwargs,
    }


def make(num_classes=None, **kwargs):
    model = StyleGAN2(**arguments(num_classes, **kwargs))
    model.compile(model.default_optimizer())
    return model


def test_arguments_are_kept():
    check_arguments(StyleGAN2, StyleGAN2(**arguments()), arguments())


@pytest.mark.slow
def test_learns_in_half_precision_with_all_regularisers(tmp_path):
    keras.utils.set_random_seed(0)
    with global_policy("mixed_float16"):
        model = make(
            3, penalties=[ZeroCentredPenalty(1.0, every=2)], path_every=2
        )
    before = model.get_weights()
    logs = model.fit(X, Y, batch_size=4, epochs=8, verbose=0).history
    assert np.isfinite(list(logs.values())).all()
    moved = [
        np.abs(a - b).max()
        for a, b in zip(model.get_weights(), before, strict=True)
    ]
    assert sum(m > 1e-4 for m in moved) > len(moved) / 2
    assert float(model.path_average) > 0 and logs["path_length"][-1] > 0
    found = model.evaluate(X, Y, verbose=0, return_dict=True)
    assert found["path_length"] == pytest.approx(float(model.path_average))
    assert np.abs(model.style_average).max() > 0
    model.save(tmp_path / "a.keras")
    loaded = keras.saving.load_model(tmp_path / "a.keras")
    np.testing.assert_allclose(
        loaded.generate(3, [0, 1, 2], 0.7, seed=0),
        model.generate(3, [0, 1, 2], 0.7, seed=0),
        atol=1e-3,
    )
    assert float(loaded.path_average) == float(model.path_average)
    for player in model.players:
        mine, its = (m.optimizers[player].variables for m in (model, loaded))
        assert len(mine) == len(its) > 4
        for left, right in zip(mine, its, strict=True):
            np.testing.assert_array_equal(left.numpy(), right.numpy())


@keras.saving.register_keras_serializable(package="keras_nn_tests")
class StyleGAN2OfPictures(StyleGAN2):
    """Takes the noise of a picture from the picture."""

    def noise(self, pictures, training):
        return tf.sin(9 * tf.reshape(pictures, (-1, 64))[:, :3])


def test_two_replicas_equal_one():
    def build():
        # Nothing that is drawn, and nothing that looks across the batch.
        parts = arguments()
        for layer in parts["generator"].synthesis.layers:
            if isinstance(layer, StyledConv2D):
                layer.strength.trainable = False
        parts["discriminator"] = DCGANDiscriminator((8, 8, 1), [4], None)
        model = StyleGAN2OfPictures(**parts, mixing=0.0, path_weight=0.0)
        model.compile({p: keras.optimizers.SGD(0.1) for p in model.players})
        return model

    check_replica_step(build, (X[:5],))


@pytest.mark.slow
def test_all_regularisers_run_on_two_replicas():
    with two_replicas().scope():
        model = make(path_every=2, augmentation=AdaptiveAugmentation(start=0.5))
        logs = model.fit(X, batch_size=4, epochs=2, verbose=0).history
    assert np.isfinite(list(logs.values())).all()
    assert logs["path_length"][-1] > 0


def test_styles_of_two_noises_are_mixed_from_a_layer_on():
    model = StyleGAN2(**arguments(mixing=1.0))
    one, other = np.zeros((2, 4, 4)), np.ones((2, 4))
    seen = set()
    for _ in range(40):
        mixed = np.asarray(model._mixed(one, other, 4))
        assert (mixed == mixed[:, :, :1]).all()
        first = int(4 - mixed[0, :, 0].sum())
        assert mixed[0, :, 0].tolist() == [0.0] * first + [1.0] * (4 - first)
        seen.add(first)
    assert seen == {1, 2, 3}
    model.mixing = 0.0
    assert np.abs(model._mixed(one, other, 4)).max() == 0


def test_truncation_draws_toward_the_average_style():
    model = StyleGAN2(**arguments())
    model.style_average.assign([0.3, -0.2, 0.1, 0.5])
    full, half, none = (
        model.generate(6, truncation=t, seed=0) for t in (1.0, 0.5, 0.0)
    )
    np.testing.assert_allclose(none, np.repeat(none[:1], 6, 0), atol=1e-6)
    assert half.std(0).mean() < full.std(0).mean()
    np.testing.assert_allclose(full, model.generate(6, seed=0), atol=1e-6)


def test_optimisers_are_corrected_for_lazy_regularisers():
    rates = StyleGAN2(**arguments()).default_optimizer()
    assert float(rates["generator"].learning_rate) == pytest.approx(2e-3 * 0.8)
    share = 16 / 17
    judge = rates["discriminator"]
    assert float(judge.learning_rate) == pytest.approx(2e-3 * share)
    assert judge.beta_2 == pytest.approx(0.99**share)


def test_refuses_what_it_cannot_be():
    with pytest.raises(ValueError, match="`mapping` and a `synthesis`"):
        StyleGAN2(
            DCGANGenerator(3, (8, 8, 1), [4]), arguments()["discriminator"]
        )
    with pytest.raises(ValueError, match="`mixing` must be from 0 to 1"):
        make(mixing=1.5)
    with pytest.raises(ValueError, match="`path_every` positive"):
        make(path_every=0)

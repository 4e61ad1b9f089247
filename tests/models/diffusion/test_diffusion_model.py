import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_nn.layers import TimeEmbedding
from keras_nn.models import DDPMSampler
from keras_nn.models import DiffusionModel
from keras_nn.models import Prediction
from keras_nn.schedules import CosineNoise
from keras_nn.schedules import EDMNoise
from keras_nn.schedules import FlowNoise
from keras_nn.testing import check_model
from keras_nn.testing.compiled_steps import check_compiled_steps
from keras_nn.testing.replica_step import check_replica_step

X = np.random.default_rng(0).uniform(-1, 1, (6, 3)).astype("float32")
Y = np.arange(6) % 3


def network(num_classes=None):
    """A denoiser of vectors: two dense layers."""
    inputs = {
        "noisy": keras.Input((3,), name="noisy"),
        "times": keras.Input((), name="times"),
    }
    told = [inputs["noisy"], TimeEmbedding(4, name="waves")(inputs["times"])]
    if num_classes:
        inputs["labels"] = keras.Input((), dtype="int32", name="labels")
        table = keras.layers.Embedding(num_classes + 1, 4, name="classes")
        told.append(table(inputs["labels"]))
    x = keras.layers.Concatenate(name="told")(told)
    x = keras.layers.Dense(32, "relu", name="hidden")(x)
    return keras.Model(inputs, keras.layers.Dense(3, name="says")(x))


def arguments(num_classes=None, **kwargs):
    given = {"schedule": CosineNoise(100), "num_classes": num_classes}
    return {"denoiser": network(num_classes), **given, **kwargs}


def make(num_classes=None, **kwargs):
    model = DiffusionModel(**arguments(num_classes, **kwargs))
    model.compile(keras.optimizers.Adam(1e-2))
    return model


def test_conformance():
    check_model(
        DiffusionModel, arguments, X, replicas=False, epochs=20, jit=False
    )


@pytest.mark.parametrize("num_classes", [None, 3])
def test_steps_compile_whole(num_classes):
    check_compiled_steps(make(num_classes), (X, Y))


@keras.saving.register_keras_serializable(package="keras_nn_tests")
class KnowsItsNoise(DiffusionModel):
    """Takes the noise of an example from the example."""

    def noised(self, pictures, labels=None, training=True):
        index = tf.cast(50 + 40 * pictures[:, 0], "int32")
        noise = tf.sin(9 * pictures)
        noisy, times, target, weight = self.levels.noised(
            pictures, noise, index
        )
        return {"noisy": noisy, "times": times}, target, weight


def test_two_replicas_equal_one():
    def build():
        model = KnowsItsNoise(**arguments(min_snr=5.0))
        model.compile(keras.optimizers.SGD(0.1, global_clipnorm=1.0))
        return model

    check_replica_step(build, (X[:5],))


def test_the_loss_is_the_weighted_error_of_the_prediction():
    model = make(min_snr=5.0, prediction="epsilon")
    inputs, target, weight = model.noised(X, training=False)
    said = model(inputs)
    error = np.mean((np.array(said) - np.array(target)) ** 2, axis=1)
    expected = np.mean(error * np.array(weight))
    np.testing.assert_allclose(
        model.evaluate(X, batch_size=6, verbose=0), expected, rtol=1e-5
    )
    assert np.array(inputs["times"]).max() > 500 > np.array(weight).min()
    halved = model.evaluate(
        X, Y, sample_weight=np.full(6, 0.5), batch_size=6, verbose=0
    )
    np.testing.assert_allclose(halved, expected / 2, rtol=1e-5)


@pytest.mark.slow
def test_learns_a_constant_picture_and_draws_it():
    keras.utils.set_random_seed(0)
    model = make(clip=1.0)
    model.fit(np.full((256, 3), 0.5), epochs=40, verbose=0)
    drawn = model.generate(16, steps=20, seed=0)
    assert np.abs(drawn.mean() - 0.5) < 0.1


@pytest.mark.slow
def test_learns_what_a_label_asks_for():
    keras.utils.set_random_seed(0)
    model = make(num_classes=3, prediction="x0", clip=1.0)
    labels = np.arange(300) % 3
    model.fit(
        np.ones((300, 3)) * (labels[:, None] - 1.0),
        labels,
        epochs=40,
        verbose=0,
    )
    drawn = model.generate(3, [0, 1, 2], guidance=2.0, steps=20, seed=0)
    np.testing.assert_allclose(drawn.mean(axis=1), [-1, 0, 1], atol=0.3)


def test_the_same_seed_draws_the_same_pictures():
    model = make()
    for sampler in (None, DDPMSampler()):
        first, again, other = (
            model.generate(2, sampler=sampler, steps=3, seed=seed)
            for seed in (1, 1, 2)
        )
        np.testing.assert_array_equal(first, again)
        assert np.abs(first - other).max() > 1e-3
    assert np.isfinite(model.generate(1, steps=3)).all()  # of no seed, too


def test_fills_holes_with_what_it_learnt_and_keeps_the_rest():
    keras.utils.set_random_seed(0)
    model = make(clip=1.0, num_classes=3)
    x = np.random.default_rng(0).uniform(-0.9, 0.9, (300, 1))
    model.fit(np.repeat(x, 3, 1), np.zeros(300), epochs=40, verbose=0)
    known = np.repeat(np.linspace(-0.8, 0.8, 9)[:, None], 3, 1)
    known[:, 1] = np.nan  # in the hole, which nobody sees
    holes = np.broadcast_to([0, 1, 0], (9, 3))
    filled = model.inpaint(known, holes, steps=20, jump_length=2, seed=0)
    np.testing.assert_array_equal(
        filled[:, [0, 2]], known[:, [0, 2]].astype("float32")
    )
    assert np.abs(filled[:, 1] - known[:, 0]).mean() < 0.25
    again = model.inpaint(known, holes, steps=20, jump_length=2, seed=0)
    np.testing.assert_array_equal(again, filled)
    guided = model.inpaint(
        known, holes, 0, guidance=2.0, steps=4, resamplings=1, seed=0
    )
    assert np.isfinite(guided).all()


def test_refuses_holes_and_pictures_that_do_not_fit():
    with pytest.raises(ValueError, match=r"of shape \(n, \*\(3,\)\)"):
        make().inpaint(np.zeros((2, 4)), np.ones((2, 4)))
    with pytest.raises(ValueError, match="all of picture 0 is a hole"):
        make().inpaint(X, np.ones_like(X))


def test_a_prediction_may_be_an_object(tmp_path):
    says = Prediction("edm", sigma_data=0.4)
    model = make(prediction=says, schedule=EDMNoise(50, sigma_data=0.4))
    model.fit(X, verbose=0)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert loaded.levels.prediction.get_config() == says.get_config()
    np.testing.assert_array_equal(
        *(m.generate(2, steps=3, seed=0) for m in (model, loaded))
    )


def test_hidden_labels_are_a_share_of_all():
    model = make(num_classes=3, label_dropout=0.25)
    labels = np.zeros(4000, "int32")
    inputs, _, _ = model.noised(np.zeros((4000, 3)), labels)
    share = np.mean(np.array(inputs["labels"]) == 3)
    assert 0.2 < share < 0.3
    inputs, _, _ = model.noised(np.zeros((9, 3)), labels[:9], False)
    assert not np.any(inputs["labels"])  # and none when measured


def test_averaged_weights_are_in_place_after_fit():
    keras.utils.set_random_seed(0)
    optimizer = keras.optimizers.SGD(0.5, use_ema=True, ema_momentum=0.9999)
    model = make()
    model.compile(optimizer)
    model.fit(X, verbose=0)  # the average begins at the first step
    before = model.get_weights()
    model.fit(X, epochs=5, verbose=0)
    moved = max(
        np.abs(a - b).max()
        for a, b in zip(model.get_weights(), before, strict=True)
    )
    assert moved < 1e-3


def test_classes_that_are_missing_leave_the_others_alone():
    model = make(num_classes=3)
    model.fit(X, np.zeros(6), verbose=0)
    drawn = model.generate(2, labels=2, guidance=2.0, steps=2, seed=0)
    assert np.isfinite(drawn).all()


def test_takes_a_single_example():
    model = make()
    model.fit(X[:1], verbose=0)
    assert np.isfinite(model.evaluate(X[:1], verbose=0))


def test_refuses_what_is_not_finite():
    broken = X.copy()
    broken[2, 0] = np.nan
    with pytest.raises(ValueError, match="(?i)nan|finite"):
        make().fit(broken, verbose=0)


@pytest.mark.parametrize(
    "num_classes, asked, message",
    [
        (None, {"guidance": 2.0}, "`guidance` needs `labels`"),
        (None, {"labels": [1, 2]}, "a model with classes only"),
        (3, {"guidance": 2.0}, "`guidance` needs `labels`"),
        (3, {"labels": [0, 3]}, "labels must be from 0 to 2.*from 0 to 3"),
        (3, {"labels": -1}, "labels must be from 0 to 2"),
    ],
)
def test_refuses_to_be_asked_what_it_did_not_learn(num_classes, asked, message):
    with pytest.raises(ValueError, match=message):
        make(num_classes).generate(2, **asked)


def test_refuses_labels_that_are_no_classes_and_their_absence():
    model = make(num_classes=3)
    with pytest.raises(ValueError, match="labels must be from 0 to 2"):
        model.fit(X, np.array([0, 1, 2, 3, 0, 1]), verbose=0)
    with pytest.raises(ValueError, match="learns from pictures and labels"):
        model.fit(X, verbose=0)


def test_refuses_a_denoiser_of_other_inputs_and_a_prediction_of_nothing():
    with pytest.raises(ValueError, match=r"dict of \['labels', 'noisy'"):
        DiffusionModel(network(), CosineNoise(), num_classes=3)
    with pytest.raises(ValueError, match="Received: prediction='epsilon'"):
        make(schedule=FlowNoise(), prediction="epsilon")
    with pytest.raises(ValueError, match="`label_dropout` must be in"):
        make(label_dropout=1.0)


def test_refuses_values_outside_what_is_stated():
    with pytest.raises(ValueError, match="from -1 to 1. Received.*255"):
        make(clip=1.0).fit(np.full((4, 3), 255), verbose=0)
    make().check_data(255 * X, None)  # a table may hold anything

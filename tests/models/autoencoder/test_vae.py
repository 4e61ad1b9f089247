import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_nn.models import VAE
from keras_nn.models import DenseDecoder
from keras_nn.models import DenseEncoder
from keras_nn.models import TotalCorrelation
from keras_nn.models import VampPrior
from keras_nn.testing import check_model
from keras_nn.testing import slow_but
from keras_nn.testing.compiled_steps import check_compiled_steps
from keras_nn.testing.replica_step import check_replica_step

RNG = np.random.default_rng(0)
X = RNG.uniform(size=(6, 2, 2, 1)).astype("float32")
Y = np.arange(6) % 3


def arguments(num_classes=None, values=1, **kwargs):
    given = {"num_classes": num_classes}
    encoder = DenseEncoder((2, 2, 1), 4, [16], **given)
    decoder = DenseDecoder(2, (2, 2, values), [16], **given)
    return {"encoder": encoder, "decoder": decoder, **given, **kwargs}


def make(num_classes=None, **kwargs):
    model = VAE(**arguments(num_classes, **kwargs))
    model.compile(keras.optimizers.Adam(1e-2))
    return model


OPTIONS = {
    "plain": {},
    "classes": {"num_classes": 3},
    "iwae": {"bound": "iwae", "samples": 4},
    "vamp": {"prior": "vamp", "beta": 0.5, "warmup_steps": 2},
    "logistic": {"values": 2, "likelihood": "discretized_logistic"},
    "tc": {"penalty": "tc", "likelihood": "gaussian", "binarize": True},
}


def options(name):
    found = dict(OPTIONS[name])
    if "prior" in found:
        found["prior"] = VampPrior(3)
    if "penalty" in found:
        found["penalty"] = TotalCorrelation(1.0, 6)
    return found


def test_conformance():
    check_model(VAE, arguments, X, replicas=False, epochs=20, jit=False)


@pytest.mark.parametrize(
    "name", slow_but("classes", "iwae", "logistic", of=sorted(OPTIONS))
)
def test_every_option_learns_and_is_saved(name, tmp_path):
    keras.utils.set_random_seed(0)
    model = make(**options(name))
    labels = Y if model.num_classes else None
    before = model.evaluate(X, labels, verbose=0)[0]
    model.fit(X, labels, epochs=30, verbose=0)
    assert model.evaluate(X, labels, verbose=0)[0] < before
    model.save(tmp_path / "a.keras")
    loaded = keras.saving.load_model(tmp_path / "a.keras")
    np.testing.assert_allclose(
        loaded.generate(3, seed=1), model.generate(3, seed=1), atol=1e-6
    )
    assert loaded.evaluate(X, labels, verbose=0) == pytest.approx(
        model.evaluate(X, labels, verbose=0), rel=1e-5
    )


@pytest.mark.slow
def test_steps_compile_whole():
    check_compiled_steps(make(num_classes=3, prior=VampPrior(2)), (X, Y))


@keras.saving.register_keras_serializable(package="keras_nn_tests")
class KnowsItsCodes(VAE):
    """Takes the noise of an example from the example."""

    def code_noise(self, pictures, training):
        return tf.sin(9 * tf.reshape(pictures, (1, -1, 4))[:, :, :2])


def test_two_replicas_equal_one():
    def build():
        model = KnowsItsCodes(**arguments(prior=VampPrior(2)))
        model.compile(keras.optimizers.SGD(0.1, global_clipnorm=1.0))
        return model

    check_replica_step(build, (X[:5],))


def test_the_loss_is_the_bound():
    model = make(bound="iwae", samples=3, likelihood="gaussian", beta=0.7)
    mean, log_variance = map(np.asarray, model.posterior(X))
    noise = np.asarray(model.code_noise(X, training=False))
    codes = mean + np.exp(log_variance / 2) * noise
    log_weight = np.zeros((3, 6))
    for s in range(3):
        said = np.asarray(model.decode(codes[s]))
        error = ((said - X) ** 2).sum(axis=(1, 2, 3)) / 2
        log_weight[s] = -error - 4 * np.log(2 * np.pi) / 2
        ratio = (noise[s] ** 2 / 2 - codes[s] ** 2 / 2 + log_variance / 2).sum(
            -1
        )
        log_weight[s] += 0.7 * ratio
    expected = -np.log(np.exp(log_weight).mean(axis=0)).mean()
    assert model.evaluate(X, verbose=0)[0] == pytest.approx(expected, rel=1e-4)


@pytest.mark.slow
def test_draws_what_a_label_asks_for():
    keras.utils.set_random_seed(0)
    model = make(num_classes=3)
    labels = np.arange(300) % 3
    pictures = np.ones((300, 2, 2, 1)) * (labels / 2)[:, None, None, None]
    model.fit(pictures.astype("float32"), labels, epochs=40, verbose=0)
    drawn = model.generate(3, [0, 1, 2], seed=0)
    np.testing.assert_allclose(drawn.mean((1, 2, 3)), [0, 0.5, 1], atol=0.15)
    told = {"pictures": pictures[:3], "labels": labels[:3]}
    assert model(told).shape == (3, 2, 2, 1)


def test_binarised_pictures_are_of_zeros_and_ones():
    model = make(binarize=True)
    grey = np.full((500, 2, 2, 1), 0.5, "float32")
    found = model.evaluate(grey, verbose=0, return_dict=True)
    assert found["loss"] > 4 * np.log(2) - 0.3  # no code tells fair coins


@pytest.mark.parametrize("constant", slow_but(0.0, of=[0.0, 1.0]))
def test_takes_constant_pictures_and_a_single_example(constant):
    model = make()
    model.fit(np.full((64, 2, 2, 1), constant), epochs=30, verbose=0)
    assert abs(model.generate(2, seed=0).mean() - constant) < 0.3
    model.fit(X[:1], verbose=0)
    assert np.isfinite(model.evaluate(X[:1], verbose=0)).all()


def test_classes_that_are_missing_leave_the_others_alone():
    model = make(num_classes=3)
    model.fit(X, np.zeros(6), epochs=2, verbose=0)
    assert np.isfinite(model.generate(2, labels=2)).all()


@pytest.mark.parametrize(
    "x, y, message",
    [
        (X * 2, None, "values from 0 to 1. Received: values from"),
        (X - 1, None, "values from 0 to 1. Received: values from"),
        (np.where(X > X.mean(), np.nan, X), None, "must be finite"),
        (X, Y + 1, "labels must be from 0 to 2"),
    ],
)
def test_refuses_data_that_cannot_be(x, y, message):
    model = make(None if y is None else 3)
    with pytest.raises(ValueError, match=message):
        model.fit(x, y, verbose=0)


def test_refuses_another_bound():
    with pytest.raises(ValueError, match="`bound` must be one of"):
        make(bound="cubo")


def test_refuses_to_draw_what_it_cannot():
    with pytest.raises(ValueError, match="a model with classes only"):
        make().generate(2, labels=1)
    with pytest.raises(ValueError, match="standard normal prior"):
        make(prior=VampPrior(2)).generate(2, temperature=0.5)

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_nn.models import DenoisingMLP
from keras_nn.models import DiffusionModel
from keras_nn.models import EDMSampler
from keras_nn.models import NoisyClassifier
from keras_nn.models import UniPCSampler
from keras_nn.schedules import CosineNoise
from keras_nn.schedules import FlowNoise
from keras_nn.testing import check_model

SMALL = {"units": 16, "depth": 1, "embedding_units": 8}
LABELS = np.arange(400) % 2
X = np.where(LABELS, 0.6, -0.6)[:, None] * np.ones((1, 2))
X = X + np.random.default_rng(0).normal(size=X.shape) * 0.1


def arguments(schedule=None):
    network = DenoisingMLP((2,), output_units=2, **SMALL)
    return {"network": network, "schedule": schedule or CosineNoise(100)}


def test_conformance():
    check_model(
        NoisyClassifier,
        arguments,
        X[:6].astype("float32"),
        LABELS[:6],
        compile_kwargs={},
        replicas=False,
        epochs=20,
        jit=False,
    )


@pytest.fixture(scope="module")
def trained():
    """A classifier, and a model that knows no classes."""
    keras.utils.set_random_seed(0)
    classifier = NoisyClassifier(**arguments())
    classifier.compile(keras.optimizers.Adam(1e-2))
    logs = classifier.fit(X, LABELS, epochs=20, verbose=0).history
    # Not all: at most levels little is left to be seen.
    assert 0.7 < logs["accuracy"][-1] < 1.0
    assert classifier.predict(X, verbose=0).argmax(-1).tolist() == list(LABELS)
    model = DiffusionModel(DenoisingMLP((2,), **SMALL), CosineNoise(100))
    model.compile(keras.optimizers.Adam(1e-2))
    model.fit(X, epochs=30, verbose=0)
    return classifier, model


@pytest.mark.slow
@pytest.mark.parametrize(
    "sampler",
    [
        EDMSampler(churn=5.0, clip=1.0),
        UniPCSampler(),
    ],
    ids=lambda s: type(s).__name__,
)
def test_guides_any_sampler_to_the_class_asked_for(trained, sampler):
    classifier, model = trained
    asked = np.arange(40) % 2
    drawn = model.generate(
        40,
        asked,
        steps=20,
        seed=0,
        sampler=sampler,
        classifier=classifier,
        classifier_scale=3.0,
    )
    assert np.mean((drawn.mean(axis=1) > 0) == asked) >= 0.95


@pytest.mark.slow
def test_scale_zero_is_unconditional(trained):
    classifier, model = trained
    plain = model.generate(8, steps=5, seed=0)
    unheard = model.generate(
        8, 1, steps=5, seed=0, classifier=classifier, classifier_scale=0.0
    )
    np.testing.assert_allclose(unheard, plain, atol=1e-6)


@pytest.mark.slow
def test_one_step_equals_the_gradient_by_differences(trained):
    classifier, _ = trained
    noisy = np.array([[0.3, -0.2], [0.1, 0.5], [-1.0, 0.4]], "float32")
    labels, time, alpha, sigma = np.array([0, 1, 1]), 400.0, 0.8, 0.6

    def likelihood(noisy):
        known = {"noisy": noisy, "times": np.full(3, time, "float32")}
        logits = np.array(classifier(known), "float64")
        total = np.log(np.exp(logits).sum(axis=1))
        return logits[np.arange(3), labels] - total

    gradient = np.zeros((3, 2))
    for axis in range(2):
        move = np.eye(2, dtype="float32")[axis] * 1e-2
        rise = likelihood(noisy + move) - likelihood(noisy - move)
        gradient[:, axis] = rise / 2e-2
    assert np.abs(gradient).max() > 0.1
    clean = np.array([[0.5, 0.1], [0.0, 0.2], [-0.7, 0.3]], "float32")

    def denoise(noisy, *level):
        return tf.constant(clean), (noisy - alpha * clean) / sigma

    guided = classifier.guide(denoise, labels, 2.5)
    level = (tf.constant(v, "float32") for v in (time, alpha, sigma))
    found = [np.array(v) for v in guided(tf.constant(noisy), *level)]
    expected = clean + 2.5 * sigma**2 / alpha * gradient
    np.testing.assert_allclose(found[0], expected, atol=2e-3)
    # The two remain parts of the same noisy picture.
    np.testing.assert_allclose(
        alpha * found[0] + sigma * found[1], noisy, atol=1e-5
    )


def test_where_little_is_left_it_pulls_no_further_than_elsewhere(trained):
    classifier, _ = trained
    noisy = np.random.default_rng(0).normal(size=(50, 2)).astype("float32")
    labels = np.zeros(50, "int32")
    farthest = []
    for position in (60, 99):  # of 100
        alpha, sigma = CosineNoise(100).levels(position)
        pull = classifier.score(noisy, np.float32(10 * position), labels)
        farthest.append(np.abs(sigma**2 / alpha * np.array(pull)).max())
    assert alpha < 1e-2 and farthest[1] < 10 * farthest[0]


def test_noise_alone_is_not_guided(trained):
    classifier = NoisyClassifier(**arguments(FlowNoise(10)))
    model = DiffusionModel(DenoisingMLP((2,), **SMALL), FlowNoise(10), "flow")
    drawn = model.generate(3, 0, steps=3, seed=0, classifier=classifier)
    assert np.isfinite(drawn).all()


def test_refuses_what_does_not_fit(trained):
    classifier, model = trained
    other = NoisyClassifier(**arguments(CosineNoise(50)))
    with pytest.raises(ValueError, match="of the same schedule.*'steps': 50"):
        model.generate(1, 0, classifier=other)
    with pytest.raises(ValueError, match="guides toward `labels`"):
        model.generate(1, classifier=classifier)
    with pytest.raises(ValueError, match="labels must be from 0 to 1"):
        model.generate(1, 2, classifier=classifier)
    with pytest.raises(ValueError, match="`guidance` needs `labels`, and a"):
        model.generate(1, 1, guidance=2.0, classifier=classifier)
    flat = DiffusionModel(DenoisingMLP((3,), **SMALL), CosineNoise(100))
    with pytest.raises(ValueError, match="same shape.*2,.*3,"):
        flat.generate(1, 0, classifier=classifier)
    with pytest.raises(ValueError, match="dict of `noisy` and `times`"):
        NoisyClassifier(model.denoiser.layers[0], CosineNoise())
    with pytest.raises(ValueError, match="labels must be from 0 to 1"):
        classifier.fit(X, LABELS + 1, verbose=0)

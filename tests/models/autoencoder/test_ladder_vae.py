import keras
import numpy as np
import pytest
from keras import ops
from scipy import stats

from keras_nn.losses import GaussianNLL
from keras_nn.models import DenseDecoder
from keras_nn.models import DenseLadderEncoder
from keras_nn.models import LadderVAE
from keras_nn.testing import check_model
from keras_nn.testing.replica_step import check_replica_step

RNG = np.random.default_rng(0)
X = RNG.uniform(size=(6, 2, 2, 1)).astype("float32")


def arguments(num_classes=None, norm=False, **kwargs):
    given = {"num_classes": num_classes}
    return {
        "encoder": DenseLadderEncoder(
            (2, 2, 1), [6, 4], [8, 8], batch_normalization=norm, **given
        ),
        "decoders": [
            DenseDecoder(3, (2, 2, 1), [8], batch_normalization=norm, **given),
            DenseDecoder(2, (6,), [8], batch_normalization=norm, **given),
        ],
        **given,
        **kwargs,
    }


def test_conformance():
    check_model(LadderVAE, arguments, X, replicas=False, epochs=20, jit=False)


@keras.saving.register_keras_serializable(package="keras_nn_tests")
class KnowsItsCodeNoise(LadderVAE):
    """Takes the noise of the codes of a picture from the picture."""

    def code_noise(self, pictures, training):
        values = ops.reshape(ops.cast(pictures, "float32"), (-1, 4))
        return [
            ops.sin(9 * values[None, :, :units] + height)
            for height, units in enumerate(self.code_units)
        ]


@pytest.mark.slow
def test_two_replicas_equal_one():
    def build():
        model = KnowsItsCodeNoise(**arguments(beta=0.7))
        model.compile(keras.optimizers.SGD(0.1, global_clipnorm=1.0))
        return model

    check_replica_step(build, (X[:5],))


def softplus(x):
    return np.log1p(np.exp(x))


def test_the_loss_is_that_of_the_paper():
    model = LadderVAE(**arguments(beta=0.7, samples=2))
    model.compile("sgd")
    (low_mean, low), (high_mean, high) = (
        np.split(np.asarray(said), 2, axis=-1) for said in model.encoder(X)
    )
    low, high = softplus(low), softplus(high)
    low_noise, high_noise = map(np.asarray, model.code_noise(X, False))
    totals = np.zeros((3, 2, 6))
    for s in range(2):
        top = high_mean + high**0.5 * high_noise[s]
        said = np.asarray(model.decoders[1](top.astype("float32")))
        p, w = said[:, :3], softplus(said[:, 3:])
        u = 1 / (1 / low + 1 / w)
        m = (low_mean / low + p / w) * u
        code = m + u**0.5 * low_noise[s]
        logit = np.asarray(model.decoders[0](code.astype("float32")))
        nats = (softplus(logit) - X * logit).sum(axis=(1, 2, 3))
        kl_low = 0.5 * (np.log(w / u) + (u + (m - p) ** 2) / w - 1).sum(-1)
        kl_high = 0.5 * (-np.log(high) + high + high_mean**2 - 1).sum(-1)
        totals[:, s] = nats, kl_low, kl_high
    nats, kl_low, kl_high = totals.mean(axis=(1, 2))
    found = model.evaluate(X, verbose=0, return_dict=True)
    expected = {
        "loss": nats + 0.7 * (kl_low + kl_high),
        "reconstruction": nats,
        "kl": kl_low + kl_high,
        "kl_1": kl_low,
        "kl_2": kl_high,
    }
    assert found == pytest.approx(expected, rel=1e-4)


def linear(name, units, kernel, bias):
    inputs = keras.Input((1,), name=name)
    layer = keras.layers.Dense(units)
    model = keras.Model(inputs, layer(inputs))
    layer.set_weights([np.array([kernel]), np.array(bias)])
    return model


def inverse_softplus(variance):
    return np.log(np.expm1(variance))


def test_importance_sampling_finds_the_likelihood_that_is_known():
    """z2 ~ N(0, 1), z1 ~ N(z2, 1), x ~ N(z1, 1/4): x ~ N(0, 2.25)."""
    inputs = keras.Input((1,), name="pictures")
    heights = [keras.layers.Dense(2, name=f"code_{i}") for i in range(2)]
    encoder = keras.Model(inputs, [layer(inputs) for layer in heights])
    # The true posterior: of z1 given z2 it is `x / 1/4` weighed with `z2`.
    variance = 1 - 1 / 2.25
    for layer, slope, v in zip(
        heights, (1.0, 1 / 2.25), (0.25, variance), strict=True
    ):
        layer.set_weights(
            [np.array([[slope, 0.0]]), np.array([0.0, inverse_softplus(v)])]
        )
    decoders = [
        linear("codes", 1, [1.0], [0.0]),
        linear("codes", 2, [1.0, 0.0], [0.0, inverse_softplus(1.0)]),
    ]
    model = LadderVAE(encoder, decoders, likelihood=GaussianNLL(0.5))
    x = np.array([[-2.0], [0.0], [1.0]], "float32")
    expected = stats.norm.logpdf(x[:, 0], 0, 1.5)
    # The posterior is the true one, so that one sample is enough ...
    np.testing.assert_allclose(
        model.log_likelihood(x, samples=1), expected, atol=1e-4
    )
    # ... and a worse one needs more.
    heights[1].set_weights([np.zeros((1, 2)), np.zeros(2)])
    np.testing.assert_allclose(
        model.log_likelihood(x, samples=4000), expected, atol=0.05
    )
    drawn = model.generate(20_000, seed=0)
    assert drawn.std() == pytest.approx(2**0.5, rel=0.03)  # expected pictures


def test_a_ladder_of_one_height_is_a_vae():
    encoder = DenseLadderEncoder((4,), [4], [8])
    model = LadderVAE(encoder, [DenseDecoder(2, (4,), [8])])
    assert model(X.reshape(6, 4)).shape == (6, 4)
    assert model.generate(3, seed=0).shape == (3, 4)


def test_each_height_warms_up_on_its_own():
    model = LadderVAE(**arguments(warmup_steps=[0, 10], beta=2.0))
    model.compile("sgd")
    model.optimizer.iterations.assign(5)
    assert [float(b) for b in model.warm_beta(training=True)] == [2.0, 1.0]
    assert model.warm_beta(training=False) == [2.0, 2.0]
    for wrong, message in (([1], "a number or 2"), ([1, -1], "not negative")):
        with pytest.raises(ValueError, match=message):
            LadderVAE(**arguments(warmup_steps=wrong))


@pytest.mark.slow
def test_draws_what_a_label_asks_for():
    keras.utils.set_random_seed(0)
    model = LadderVAE(**arguments(3, norm=True, binarize=True, samples=2))
    model.compile(keras.optimizers.Adam(1e-2))
    labels = np.arange(300) % 3
    pictures = np.ones((300, 2, 2, 1)) * (labels / 2)[:, None, None, None]
    model.fit(pictures.astype("float32"), labels, epochs=40, verbose=0)
    drawn = model.generate(30, np.arange(30) % 3, seed=0)
    means = drawn.reshape(10, 3, 4).mean(axis=(0, 2))
    np.testing.assert_allclose(means, [0, 0.5, 1], atol=0.2)
    told = {"pictures": pictures[:3], "labels": labels[:3]}
    assert model(told).shape == (3, 2, 2, 1)

import keras
import numpy as np
import pytest
from scipy import stats

from keras_nn.losses import DistributionNLL
from keras_nn.losses.likelihood.distribution_nll import NAMES
from keras_nn.testing import check_loss
from keras_nn.testing import slow_but
from keras_nn.testing.backend import TENSORFLOW

pytestmark = pytest.mark.skipif(
    not TENSORFLOW, reason="distributions are those for TensorFlow"
)
RNG = np.random.default_rng(0)
Y = RNG.normal(size=(4, 3, 2)).astype("float32")
SAID = RNG.normal(size=(4, 3, 4)).astype("float32")
FIXED = {
    "Binomial": {"total_count": 4.0},
    "StudentT": {"df": 4.0},
    "TruncatedNormal": {"low": 0.0, "high": 1.0},
}


def test_conformance():
    check_loss(DistributionNLL, {"distribution": "Laplace"}, Y, SAID)


def test_equals_scipy():
    loc, raw = np.split(SAID, 2, axis=-1)
    scale = np.log1p(np.exp(raw))
    expected = -stats.laplace.logpdf(Y, loc, scale).sum((1, 2))
    found = DistributionNLL("Laplace", reduction="none")(Y, SAID)
    np.testing.assert_allclose(found, expected, rtol=1e-4)
    loss = DistributionNLL("StudentT", {"df": 4.0}, reduction="none")
    expected = -stats.t.logpdf(Y, 4, loc, scale).sum((1, 2))
    np.testing.assert_allclose(loss(Y, SAID), expected, rtol=1e-4)
    np.testing.assert_allclose(loss.mean(SAID), loc, rtol=1e-6)


def test_equals_tensorflow_probability():
    import tensorflow_probability as tfp

    y, raw = np.exp(Y), np.split(SAID, 2, axis=-1)
    loss = DistributionNLL("Gamma", reduction="none")
    assert loss.parameter_names == ["concentration", "log_rate"]
    softplus = tfp.bijectors.Softplus(low=np.float32(1e-6))
    gamma = tfp.distributions.Gamma(softplus(raw[0]), log_rate=raw[1])
    expected = -gamma.log_prob(y).numpy().sum((1, 2))
    np.testing.assert_allclose(loss(y, SAID), expected, rtol=1e-4)
    np.testing.assert_allclose(loss.mean(SAID), gamma.mean(), rtol=1e-4)


@pytest.mark.parametrize("name", slow_but("Laplace", "VonMises", of=NAMES))
def test_every_family_scores_what_it_draws(name):
    loss = DistributionNLL(name, FIXED.get(name))
    said = np.full((20, loss.parameters_per_value), 0.7, "float32")
    drawn = np.array(loss.draw(said, seed=0))
    assert drawn.shape == (20, 1) and np.ptp(drawn)
    np.testing.assert_array_equal(drawn, loss.draw(said, seed=0))
    assert np.isfinite(loss(drawn, said))
    assert np.isfinite(loss.mean(said)).all()


def test_draws_as_it_says():
    loss = DistributionNLL("Poisson")
    said = np.tile(np.log([[2.0, 5.0]]).astype("float32"), (2000, 1))
    drawn = np.asarray(loss.draw(said, seed=0))
    np.testing.assert_allclose(drawn.mean(0), [2, 5], rtol=0.05)
    np.testing.assert_allclose(drawn.var(0), [2, 5], rtol=0.12)
    np.testing.assert_allclose(loss.mean(said)[0], [2, 5], rtol=1e-6)


@pytest.mark.slow
def test_a_vae_learns_by_it_and_is_saved(tmp_path):
    from keras_nn.models import VAE
    from keras_nn.models import DenseDecoder
    from keras_nn.models import DenseEncoder

    keras.utils.set_random_seed(0)
    x = RNG.uniform(size=(6, 2, 2, 1)).astype("float32")
    encoder = DenseEncoder((2, 2, 1), 4, [8])
    decoder = DenseDecoder(2, (2, 2, 2), [8])
    model = VAE(encoder, decoder, DistributionNLL("Laplace"))
    model.compile(keras.optimizers.Adam(0.03), run_eagerly=True)
    losses = model.fit(x, epochs=8, verbose=0).history["loss"]
    assert losses[-1] < losses[0] - 0.5
    model.save(tmp_path / "a.keras")
    loaded = keras.saving.load_model(tmp_path / "a.keras")
    np.testing.assert_allclose(loaded(x), model(x), atol=1e-6)


def test_a_mean_that_does_not_exist_is_no_nan():
    loss = DistributionNLL("StudentT", {"df": 1.0})
    with pytest.raises(Exception, match="mean not defined"):
        loss.mean(np.zeros((1, 2), "float32"))


@pytest.mark.parametrize(
    "given, message",
    [
        (("Wishart",), "`distribution` must be one of"),
        (("Normal", {"rate": 1.0}), "some of .*'loc', 'scale'"),
        (("Normal", {"loc": 0.0, "scale": 1.0}), "not all"),
        (("TruncatedNormal", {"low": 0.0}), "`high` of TruncatedNormal"),
    ],
)
def test_refuses_what_no_network_can_say(given, message):
    with pytest.raises(ValueError, match=message):
        DistributionNLL(*given)

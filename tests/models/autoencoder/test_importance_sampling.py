import keras
import numpy as np
from scipy import stats

from keras_nn.models import VAE

# p(x | z) = N(2 z, 0.5), p(z) = N(0, 1): the likelihood is N(0, 4 + 0.25).
X = np.array([[-3.0], [0.0], [1.0], [4.0]], "float32")


def linear(name, units, kernel, bias):
    inputs = keras.Input((1,), name=name)
    layer = keras.layers.Dense(units)
    model = keras.Model(inputs, layer(inputs))
    layer.set_weights([np.array(kernel), np.array(bias)])
    return model


def gaussian_model(kernel=(0.4, 0.0), bias=(0.0, -2.0)):
    from keras_nn.losses import GaussianNLL

    encoder = linear("pictures", 2, [kernel], bias)
    decoder = linear("codes", 1, [[2.0]], [0.0])
    return VAE(encoder, decoder, likelihood=GaussianNLL(0.5))


def test_equals_the_likelihood_that_is_known():
    expected = stats.norm.logpdf(X[:, 0], 0, 4.25**0.5)
    model = gaussian_model()
    found = model.log_likelihood(X, samples=5000, batch_size=3)
    np.testing.assert_allclose(found, expected, atol=0.05)
    np.testing.assert_array_equal(
        found, model.log_likelihood(X, samples=5000, batch_size=3)
    )


def test_the_true_posterior_needs_one_sample():
    variance = 1 / (1 + 4 / 0.25)
    model = gaussian_model((2 / 0.25 * variance, 0), (0, np.log(variance)))
    expected = stats.norm.logpdf(X[:, 0], 0, 4.25**0.5)
    found = model.log_likelihood(X, samples=1)
    np.testing.assert_allclose(found, expected, atol=1e-4)


def test_more_samples_say_more():
    model = gaussian_model((0.0, 0.0), (0.0, 0.0))
    few, many = (
        np.mean([model.log_likelihood(X, samples=n, seed=s) for s in range(9)])
        for n in (1, 30)
    )
    assert few < many

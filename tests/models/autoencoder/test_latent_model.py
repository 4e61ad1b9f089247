import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.models.autoencoder.latent_model import LatentModel

X = np.random.default_rng(0).uniform(size=(5, 2)).astype("float32")
DEFAULTS = {
    "likelihood": "bernoulli",
    "samples": 2,
    "beta": 2.0,
    "warmup_steps": 0,
    "binarize": False,
    "num_classes": None,
    "label_dropout": 0.0,
}


class Copies(LatentModel):
    """Decodes a code as it is."""

    picture_shape = (2,)
    code_units = 2

    def decode(self, codes, labels=None, training=False):
        return codes


def make(**kwargs):
    return Copies(**{**DEFAULTS, **kwargs})


def test_reconstruction_is_that_of_each_sample():
    codes = np.stack([X, -X])
    found = make().reconstruction(X, None, codes)
    expected = (np.log1p(np.exp(codes)) - X * codes).sum(-1)
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_the_warm_up_begins_without_the_divergence():
    model = make(warmup_steps=10)
    model.compile(keras.optimizers.SGD())
    kept = float(model.warm_beta(training=True))
    model.optimizer.iterations.assign(5)
    assert (kept, float(model.warm_beta(training=True))) == (0.0, 1.0)
    assert model.warm_beta(training=False) == 2.0


def test_pictures_become_zeros_and_ones_as_often_as_they_are_grey():
    model = make(binarize=True)
    grey = np.tile([[0.2, 0.9]], (4000, 1))
    found, labels = model.learnt(grey, None, training=True)
    assert labels is None and set(np.unique(found)) == {0.0, 1.0}
    np.testing.assert_allclose(ops.mean(found, 0), [0.2, 0.9], atol=0.03)


def test_noise_is_the_same_out_of_training():
    model = make()
    first, again, other = (
        np.asarray(model.code_noise(X, training=t))
        for t in (False, False, True)
    )
    np.testing.assert_array_equal(first, again)
    assert first.shape == (2, 5, 2) and np.abs(other - first).max() > 0.1


@pytest.mark.parametrize(
    "given", [{"samples": 0}, {"beta": -1.0}, {"warmup_steps": -1}]
)
def test_refuses_what_it_cannot_be(given):
    with pytest.raises(ValueError, match="must be positive.*Received"):
        make(**given)
    with pytest.raises(ValueError, match=r"`label_dropout` must be in"):
        make(label_dropout=1.0)

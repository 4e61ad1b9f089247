import keras
import numpy as np
import pytest

from keras_nn.models import VQVAE
from keras_nn.models import DenseDecoder
from keras_nn.models import DenseEncoder
from keras_nn.testing import check_model
from keras_nn.testing.replica_step import check_replica_step
from keras_nn.testing.replica_step import train_step

RNG = np.random.default_rng(0)
X = RNG.normal(size=(6, 4)).astype("float32")


def arguments(**kwargs):
    encoder = DenseEncoder((4,), 2, [8])
    return {
        "encoder": encoder,
        "decoder": DenseDecoder(2, (4,), [8]),
        "entries": 4,
        **kwargs,
    }


def make(**kwargs):
    model = VQVAE(**arguments(**kwargs))
    model.quantizer.codebook.assign(RNG.normal(size=(4, 2)))
    model.compile(keras.optimizers.SGD(0.1))
    return model


def test_conformance():
    check_model(VQVAE, arguments, X, epochs=10, jit=False)


def test_a_codebook_learns_by_gradients_too():
    model = make(averaging=None)
    before = np.asarray(model.quantizer.codebook).copy()
    model.fit(X, epochs=20, verbose=0)
    assert np.abs(np.asarray(model.quantizer.codebook) - before).max() > 1e-3


def test_two_replicas_follow_the_averages_of_all():
    book = RNG.normal(size=(4, 2))

    def build():
        model = make()
        model.quantizer.codebook.assign(book)
        return model

    check_replica_step(build, (X[:5],))


def test_the_loss_is_that_of_the_paper():
    model = make(averaging=None, commitment=0.5)
    codes = np.asarray(model.encoder(X))
    book = np.asarray(model.quantizer.codebook)
    found = book[np.asarray(model.indices(X))]
    error = ((np.asarray(model.decoder(found)) - X) ** 2).mean()
    apart = ((found - codes) ** 2).mean()
    logs = model.evaluate(X, verbose=0, return_dict=True)
    assert logs["loss"] == pytest.approx(error + 1.5 * apart, rel=1e-4)
    share = np.bincount(model.indices(X), minlength=4) / 6
    share = share[share > 0]
    use = np.exp(-(share * np.log(share)).sum())
    assert logs["codebook_use"] == pytest.approx(use, rel=1e-4)
    decoded = model.decode(model.indices(X))
    np.testing.assert_allclose(decoded, model(X), atol=1e-6)


def test_entries_move_to_the_average_of_what_they_stand_for():
    model = make(averaging=0.0)
    model.compile(keras.optimizers.SGD(0.0))
    before = np.asarray(model.quantizer.codebook).copy()
    codes, indices = np.asarray(model.encoder(X)), np.asarray(model.indices(X))
    train_step(model, (X,))
    after = np.asarray(model.quantizer.codebook)
    for entry in range(4):
        mine = codes[indices == entry]
        expected = mine.mean(axis=0) if len(mine) else before[entry]
        np.testing.assert_allclose(after[entry], expected, atol=1e-5)


def test_refuses_weights_that_cannot_be():
    with pytest.raises(ValueError, match=r"`averaging` must be in \[0, 1\)"):
        make(averaging=1.0)
    with pytest.raises(ValueError, match="`commitment` must not be negative"):
        make(commitment=-1.0)

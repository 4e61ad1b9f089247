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


def test_entries_that_stand_for_nothing_start_again_as_codes():
    books = []
    for restart_below in (None, 0.5):
        model = make(averaging=0.9, restart_below=restart_below)
        codes = np.asarray(model.encoder(X))
        far = [codes[0], codes[1], [90, 90], [-90, 90]]
        model.quantizer.codebook.assign(np.array(far, "float32"))
        model.compile(keras.optimizers.SGD(0.0))
        train_step(model, (X,))
        books.append(np.asarray(model.quantizer.codebook))
        total = np.asarray(model.counts).sum()
        assert total == pytest.approx(0.1 * 6, rel=1e-5)  # of six vectors
    np.testing.assert_array_equal(books[0][2:], far[2:])
    apart = np.abs(books[1][2:, None] - codes).max(axis=-1)
    np.testing.assert_allclose(apart.min(axis=1), 0, atol=1e-5)
    # One that is in use moves as it would.
    np.testing.assert_allclose(
        model.quantizer.codebook, model.sums / model.counts[:, None], rtol=1e-5
    )


@pytest.mark.slow
def test_restarts_keep_a_codebook_in_use():
    used = []
    for restart_below in (None, 0.5):
        keras.utils.set_random_seed(0)
        model = VQVAE(**arguments(entries=32, restart_below=restart_below))
        model.compile(keras.optimizers.Adam(1e-2))
        x = np.random.default_rng(0).normal(size=(640, 4))
        logs = model.fit(x, batch_size=64, epochs=10, verbose=0).history
        used.append(logs["codebook_use"][-1])
    assert used[1] > 16 and used[1] > 1.2 * used[0]


def test_refuses_weights_that_cannot_be():
    for given in ({"averaging": None}, {"restart_below": 0.0}):
        with pytest.raises(ValueError, match="`restart_below` must be posi"):
            make(**{"restart_below": 1.0, **given})
    with pytest.raises(ValueError, match=r"`averaging` must be in \[0, 1\)"):
        make(averaging=1.0)
    with pytest.raises(ValueError, match="`commitment` must not be negative"):
        make(commitment=-1.0)

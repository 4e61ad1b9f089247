import keras
import numpy as np
import pytest

from keras_nn.models import VQVAE
from keras_nn.models import CodeGenerator
from keras_nn.models import GatedPixelCNN
from keras_nn.models import PixelCNN
from keras_nn.testing import check_model
from keras_nn.testing.precision import global_policy
from keras_nn.testing.replica_step import check_replica_step
from keras_nn.testing.replica_step import train_step

RNG = np.random.default_rng(0)
X = RNG.uniform(size=(6, 4, 4, 1)).astype("float32")


def vqvae(entries=4):
    encoder = keras.Sequential(
        [keras.Input((4, 4, 1)), keras.layers.Conv2D(2, 2, 2, name="down")],
        name="encoder",
    )
    decoder = keras.Sequential(
        [
            keras.Input((2, 2, 2)),
            keras.layers.Conv2DTranspose(1, 2, 2, name="up"),
        ],
        name="decoder",
    )
    model = VQVAE(encoder, decoder, entries=entries, name="vqvae")
    book = np.random.default_rng(1).normal(size=(entries, 2))
    model.quantizer.codebook.assign(book)
    return model


def arguments(num_classes=None, shape=(2, 2), entries=4):
    network = GatedPixelCNN(
        shape,
        entries,
        entries,
        filters=8,
        num_layers=1,
        num_classes=num_classes,
        name="network",
    )
    prior = PixelCNN(network, "categorical", num_classes, name="prior")
    return {"vqvae": vqvae(), "prior": prior}


def test_conformance():
    def with_frozen_prior():  # which no call reaches, but the loss
        given = arguments()
        given["prior"].trainable = False
        return given

    check_model(CodeGenerator, with_frozen_prior, X, fit=False, jit=False)


def test_the_loss_is_the_sum_of_both():
    model = CodeGenerator(**arguments())
    model.compile("sgd")
    found = model.evaluate(X, verbose=0, return_dict=True)
    codes = model.vqvae.indices(X)
    model.vqvae.compile("sgd")
    model.prior.compile("sgd")
    of_codes = model.vqvae.evaluate(X, verbose=0, return_dict=True)
    nats = model.prior.evaluate(np.asarray(codes), verbose=0)[0]
    assert found["code_nats"] == pytest.approx(nats, rel=1e-5)
    assert found["loss"] == pytest.approx(of_codes["loss"] + nats, rel=1e-5)
    assert found["codebook_use"] == pytest.approx(of_codes["codebook_use"])


@pytest.mark.parametrize("frozen", [False, True])
def test_a_frozen_vqvae_stays_as_it_is_and_the_prior_learns(frozen):
    model = CodeGenerator(**arguments())
    model.vqvae.trainable = not frozen
    model.compile(keras.optimizers.SGD(0.1))
    before = model.vqvae.get_weights(), model.prior.get_weights()
    train_step(model, (X,))
    after = model.vqvae.get_weights(), model.prior.get_weights()
    moved = [
        max(np.abs(a - b).max() for a, b in zip(old, new, strict=True))
        for old, new in zip(before, after, strict=True)
    ]
    assert (moved[0] == 0) == frozen and moved[1] > 0


@pytest.mark.slow
def test_draws_what_a_label_asks_for():
    keras.utils.set_random_seed(0)
    model = CodeGenerator(**arguments(num_classes=2))
    model.compile(keras.optimizers.Adam(2e-2))
    labels = np.arange(200) % 2
    x = np.ones((200, 4, 4, 1), "float32") * labels[:, None, None, None]
    model.fit(x, labels, epochs=15, verbose=0)
    drawn = model.generate(6, [0, 1] * 3, seed=0)
    assert drawn.min() >= 0 and drawn.max() <= 1
    np.testing.assert_allclose(drawn.mean((1, 2, 3)), [0, 1] * 3, atol=0.2)


@pytest.mark.slow
def test_two_replicas_equal_one():
    def build():
        model = CodeGenerator(**arguments(num_classes=2))
        model.compile(keras.optimizers.SGD(0.1, global_clipnorm=1.0))
        return model

    # Told any label, which is not drawn.
    check_replica_step(build, (X[:5], np.full(5, 2)))


@pytest.mark.slow
def test_learns_in_half_precision():
    keras.utils.set_random_seed(0)
    with global_policy("mixed_float16"):
        model = CodeGenerator(**arguments())
        model.compile(keras.optimizers.Adam(2e-2))
    assert model.vqvae.encoder.layers[-1].compute_dtype == "float16"
    on = np.arange(200) % 2
    x = np.ones((200, 4, 4, 1), "float32") * on[:, None, None, None]
    logs = model.fit(x, epochs=15, verbose=0).history
    assert np.isfinite([v[-1] for v in logs.values()]).all()
    assert logs["loss"][-1] < 0.5 * logs["loss"][0]
    drawn = model.generate(40, seed=0).mean((1, 2, 3))
    assert np.minimum(drawn, 1 - drawn).mean() < 0.2
    assert 0.2 < drawn.round().mean() < 0.8


def test_refuses_a_prior_of_other_codes():
    with pytest.raises(ValueError, match=r"of maps \(2, 2\). Received: \(3,"):
        CodeGenerator(**arguments(shape=(3, 2)))
    with pytest.raises(ValueError, match="of 4 indices. Received.*0 to 4"):
        CodeGenerator(**arguments(entries=5))
    model = CodeGenerator(**arguments())
    model.compile("adam")
    with pytest.raises(ValueError, match="values from 0 to 1"):
        model.fit(X + 1, verbose=0)

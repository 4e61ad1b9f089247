import numpy as np
import pytest

from keras_nn.applications import ImageSegmenter
from keras_nn.models import UNet
from keras_nn.ops import predictive_entropy

X = np.random.default_rng(0).uniform(0, 255, (3, 16, 16, 1)).astype("float32")
Y = (X[..., 0] > 128).astype("uint8")


def make(views=1, samples=0, shape=(16, 16, 1), dropout=0.0):
    network = UNet(
        False,
        input_shape=shape,
        filters=[4, 6],
        batch_norm=True,
        dropout=dropout,
    )
    app = ImageSegmenter(network, 2, views=views, samples=samples)
    app.compile()
    return app


@pytest.fixture(scope="module")
def app():
    app = make(views=8, shape=(None, None, 1), dropout=0.5)
    see(app)
    return app


def see(app):
    """Statistics of normalisation that are not those of a new network."""
    for _ in range(3):
        app(X, training=True)


def by_hand(app, x):
    """All looks at `x`, turned with NumPy."""
    found = []
    app.views, views = 1, app.views
    for k in range(4):
        for mirrored in (False, True):
            seen = np.rot90(x, k, (1, 2))
            seen = seen[:, :, ::-1] if mirrored else seen
            out = np.asarray(app(seen, training=False))
            out = out[:, :, ::-1] if mirrored else out
            found.append(np.rot90(out, -k, (1, 2)))
    app.views = views
    return np.stack(found)


def test_predictions_are_the_mean_of_eight_turned_pictures(app):
    expected = by_hand(app, X).mean(axis=0)
    np.testing.assert_allclose(app(X), expected, atol=1e-5)
    wide = np.concatenate([X, X], axis=2)[:, :12]
    found = app.predict_tiled(wide[0])
    assert found.shape == (12, 32, 2)


def test_turning_a_picture_turns_its_mask(app):
    turned = np.rot90(X[:1], 1, (1, 2))
    np.testing.assert_allclose(
        app(turned), np.rot90(np.asarray(app(X[:1])), 1, (1, 2)), atol=1e-5
    )


@pytest.mark.slow
def test_validation_looks_once_and_evaluation_eight_times(app):
    app.optimizer.learning_rate = 0.0
    history = app.fit(X, Y, validation_data=(X, Y), verbose=0).history
    eight = app.evaluate(X, Y, verbose=0, return_dict=True)
    app.views = 1
    app.test_function = None
    once = app.evaluate(X, Y, verbose=0, return_dict=True)
    app.views, app.test_function = 8, None
    assert history["val_loss"][-1] == pytest.approx(once["loss"], rel=1e-5)
    assert eight["loss"] != pytest.approx(once["loss"], rel=1e-5)


def test_the_entropy_is_that_of_the_mean_and_disagreement_what_looks_add(app):
    looks = by_hand(app, X)
    (seen,) = app.predict_uncertainty(X[:1])
    entropy = np.asarray(predictive_entropy(looks.mean(axis=0)))[0]
    own = np.asarray(predictive_entropy(looks)).mean(axis=0)[0]
    np.testing.assert_allclose(seen["entropy"], entropy, atol=1e-5)
    np.testing.assert_allclose(
        seen["disagreement"], np.maximum(entropy - own, 0), atol=1e-5
    )
    assert (seen["mask"] == looks.mean(axis=0)[0].argmax(-1)).all()
    assert seen["disagreement"].max() > 1e-4


def test_dropout_looks_differ_and_leave_the_network_as_it_is():
    app = make(samples=2, dropout=0.5)
    see(app)
    before = [np.array(w) for w in app.get_weights()]
    first, second = app.look(X), app.look(X)
    assert np.abs(first - second).max() > 1e-4
    np.testing.assert_allclose(first[..., :2].sum(axis=-1), 1, atol=1e-5)
    for a, b in zip(before, app.get_weights(), strict=True):
        if a.shape:  # all but the state of the random numbers
            np.testing.assert_array_equal(a, b)
    assert all(layer.trainable for layer in app.network.layers)
    # Without dropout, a look is inference: statistics are the learnt ones.
    for layer in app.network.layers:
        if hasattr(layer, "rate"):
            layer.rate = 0.0
    app._looks = None
    np.testing.assert_allclose(
        app.look(X)[..., :2], app(X, training=False), atol=1e-5
    )


def test_a_picture_of_one_size_has_its_views():
    with pytest.raises(ValueError, match="square.*of 16x32"):
        make(views=8, shape=(16, 32, 1))
    assert make(views=4, shape=(16, 32, 1))(np.ones((1, 16, 32, 1))).shape == (
        1,
        16,
        32,
        2,
    )
    with pytest.raises(ValueError, match="`views` must be one of"):
        make(views=3)
    with pytest.raises(ValueError, match="`samples` must be 0, or at least 2"):
        make(samples=1, dropout=0.5)
    with pytest.raises(ValueError, match="the network has none"):
        make(samples=2)

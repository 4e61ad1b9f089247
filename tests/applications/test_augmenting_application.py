import keras
import numpy as np

from keras_nn.applications import ImageClassifier
from keras_nn.layers import MixPictures
from keras_nn.layers import RandAugment
from keras_nn.models import MLP
from keras_nn.testing import two_replicas

RNG = np.random.default_rng(0)
X = RNG.integers(0, 256, (12, 8, 8, 3)).astype("uint8")
Y = np.arange(12) % 3


def make(**kwargs):
    network = MLP(False, input_shape=(8, 8, 3), units=[4])
    app = ImageClassifier(network, 3, **kwargs)
    app.compile()
    app.prepare(X)
    return app


def states(app):
    return [v.numpy() for v in app.non_trainable_variables]


def test_what_training_shows_is_in_the_range_of_the_pictures():
    plain, labels = make(preprocess="caffe").augmented(X, Y)
    np.testing.assert_allclose(plain, X, atol=1e-3)
    np.testing.assert_array_equal(labels, np.eye(3)[Y])
    app = make(
        policy=RandAugment(seed=0),
        augmentation=keras.layers.RandomFlip(seed=0),
        mixing=MixPictures(seed=0),
    )
    before = states(app)
    assert len(before) > 3
    changed, shares = app.augmented(X, Y)
    assert changed.shape == X.shape and np.abs(changed - X).max() > 10
    assert -1e-2 < changed.min() and changed.max() < 255.01
    np.testing.assert_allclose(shares.sum(axis=1), 1, rtol=1e-5)
    assert (shares.max(axis=1) < 1).any()
    for a, b in zip(before, states(app), strict=True):
        np.testing.assert_array_equal(a, b)


def test_it_can_be_looked_at_on_replicas():
    with two_replicas().scope():
        app = make(policy=RandAugment(seed=0), mixing=MixPictures(seed=0))
    changed, _ = app.augmented(X, Y)
    assert np.abs(changed - X).max() > 10


def test_metrics_count_the_larger_part_of_a_mixture():
    app = make(mixing=MixPictures(mixup=0.2, cutmix=0.0, seed=0))
    shares = np.array([[0.2, 0.8, 0], [0.6, 0, 0.4]], "float32")
    predicted = np.array([[0, 1, 0], [0, 0, 1]], "float32")
    app.fit(X, Y, verbose=0)
    app.reset_metrics()
    result = app.compute_metrics(None, shares, predicted)
    assert float(result["accuracy"]) == 0.5


def test_a_policy_acts_in_training_only_and_is_saved(tmp_path):
    app = make(policy=RandAugment(num_ops=1, magnitude=4, seed=0))
    calm = np.array(app(X, training=False))
    np.testing.assert_array_equal(app(X), calm)
    assert not np.allclose(app(X, training=True), calm)
    app.save(tmp_path / "a.keras")
    loaded = keras.saving.load_model(tmp_path / "a.keras")
    assert loaded.policy.get_config() == app.policy.get_config()
    np.testing.assert_array_equal(loaded(X), calm)

import keras
import numpy as np

from keras_nn.applications.picture_jitter import jittered

RNG = np.random.default_rng(0)
X = RNG.uniform(-1, 1, (16, 8, 8, 1)).astype("float32")


def test_pairs_stay_together_and_others_do_not():
    seed = keras.random.SeedGenerator(0)
    for together in (True, False):
        x, y = (
            np.asarray(p) for p in jittered(X, X, together, True, 0.25, seed)
        )
        assert x.shape == X.shape
        assert (np.abs(x - y).max() < 1e-6) == together
        assert np.abs(x - X).max() > 0.1


def test_mirrored_pictures_are_mirrored_each_for_itself():
    seed = keras.random.SeedGenerator(1)
    x, _ = jittered(X, X, True, True, 0.0, seed)
    kept = [np.array_equal(a, b) for a, b in zip(np.asarray(x), X, strict=True)]
    turned = [
        np.array_equal(a, b[:, ::-1])
        for a, b in zip(np.asarray(x), X, strict=True)
    ]
    assert all(a != b for a, b in zip(kept, turned, strict=True))
    assert 0 < sum(kept) < 16


def test_nothing_is_done_unless_asked():
    seed = keras.random.SeedGenerator(0)
    for side in jittered(X, X, False, False, 0.0, seed):
        np.testing.assert_array_equal(side, X)

import keras
import numpy as np
import pytest

from keras_nn.models import DBM

X = np.array([[1, 1, 0, 0], [0, 0, 1, 1]] * 50, "float32")


def test_energy_is_the_naive_sum_and_the_mean_field_a_fixed_point(shaken):
    model = shaken(DBM((4,), (3, 2), mean_field_steps=200))
    w, u, a, b, c = (np.asarray(x) for x in model.trainable_weights)
    rng = np.random.default_rng(0)
    v, h, g = (rng.integers(0, 2, (5, n)) for n in (4, 3, 2))
    v, h, g = (x.astype("float32") for x in (v, h, g))
    expected = [
        -(a @ vi + b @ hi + c @ gi + vi @ w @ hi + hi @ u @ gi)
        for vi, hi, gi in zip(v, h, g, strict=True)
    ]
    np.testing.assert_allclose(model.energy(v, h, g), expected, atol=1e-5)

    def sigmoid(x):
        return 1 / (1 + np.exp(-x))

    hidden, upper = (np.asarray(m) for m in model.mean_field(v))
    np.testing.assert_allclose(
        hidden, sigmoid(b + v @ w + upper @ u.T), atol=1e-5
    )
    np.testing.assert_allclose(upper, sigmoid(c + hidden @ u), atol=1e-5)


@pytest.mark.slow
def test_learns_two_patterns_and_a_file_keeps_them(tmp_path):
    keras.utils.set_random_seed(0)
    model = DBM((4,), (6, 3), mean_field_steps=5, steps=2, chains=50)
    model.compile(keras.optimizers.Adam(0.03))
    logs = model.fit(X, batch_size=50, epochs=80, verbose=0).history
    assert logs["loss"][-1] < 0.8 * logs["loss"][0]
    drawn = model.generate(200, steps=50, seed=0).round()
    found = (drawn[:, None] == X[:2]).all(-1)
    assert found.any(1).mean() > 0.7 and found.mean(0).min() > 0.1
    model.save(tmp_path / "a.keras")
    loaded = keras.saving.load_model(tmp_path / "a.keras")
    np.testing.assert_allclose(loaded(X[:2]), model(X[:2]), atol=1e-6)


@pytest.mark.parametrize(
    "given, message",
    [
        ({"hidden_units": (3,)}, "two positive sizes"),
        ({"hidden_units": (3, 2), "chains": 0}, "`chains` positive"),
        ({"hidden_units": (3, 2), "mean_field_steps": 0}, "must be positive"),
    ],
)
def test_refuses_what_it_cannot_be(given, message):
    with pytest.raises(ValueError, match=message):
        DBM((4,), **given)

import keras
import numpy as np
import pytest

from keras_nn.models import EnergyModel

RNG = np.random.default_rng(0)


def network(outputs=1):
    return keras.Sequential(
        [
            keras.Input((2,)),
            keras.layers.Dense(32, "silu", name="first"),
            keras.layers.Dense(32, "silu", name="second"),
            keras.layers.Dense(outputs, name="says"),
        ],
        name="network",
    )


def make(outputs=1, **kwargs):
    given = {
        "step_size": 0.02,
        "noise": 0.2,
        "clip": 10.0,
        "buffer_size": 200,
        "value_range": (-3, 3),
        **kwargs,
    }
    model = EnergyModel(network(outputs), **given)
    model.compile(keras.optimizers.Adam(3e-3))
    return model


def test_the_loss_is_the_equation():
    model = make(alpha=0.5)
    x = RNG.normal(size=(6, 2)).astype("float32")
    energy = np.asarray(model.energy(x))
    other = np.asarray(model.energy(np.asarray(model.buffer)[:6]))
    expected = energy - other + 0.5 * (energy**2 + other**2)
    found = model.evaluate(x, verbose=0, return_dict=True)
    assert found["loss"] == pytest.approx(expected.mean(), rel=1e-5)
    gap = (other - energy).mean(dtype="float64")
    assert found["gap"] == pytest.approx(gap, rel=1e-5, abs=1e-6)


@pytest.mark.slow
def test_draws_where_the_data_are_and_a_file_does_too(tmp_path):
    keras.utils.set_random_seed(0)
    x = RNG.normal([1.5, -1], 0.3, (600, 2)).clip(-3, 3).astype("float32")
    model = make()
    model.fit(x, batch_size=50, epochs=15, verbose=0)
    drawn = model.generate(200, seed=0)
    np.testing.assert_allclose(np.median(drawn, 0), [1.5, -1], atol=0.4)
    far = np.array([[-2.0, 2.0]], "float32")
    assert model.predict(far, verbose=0) > model.predict(x, verbose=0).mean()
    model.save(tmp_path / "a.keras")
    loaded = keras.saving.load_model(tmp_path / "a.keras")
    np.testing.assert_allclose(
        loaded.predict(x[:5], verbose=0),
        model.predict(x[:5], verbose=0),
        atol=1e-6,
    )
    np.testing.assert_array_equal(loaded.buffer, model.buffer)


@pytest.mark.slow
def test_jem_classifies_and_draws_the_class_asked_for():
    keras.utils.set_random_seed(0)
    y = np.arange(600) % 2
    x = RNG.normal(0, 0.3, (600, 2)) + 3 * y[:, None] - 1.5
    x = x.clip(-3, 3).astype("float32")
    model = make(2, num_classes=2)
    model.fit(x, y, batch_size=50, epochs=15, verbose=0)
    found = model.evaluate(x, y, verbose=0, return_dict=True)
    assert found["accuracy"] > 0.98
    logits = np.asarray(model(x[:3]))
    np.testing.assert_allclose(
        model.energy(x[:3]), -np.log(np.exp(logits).sum(1)), rtol=1e-5
    )
    np.testing.assert_allclose(
        model.energy(x[:3], y[:3]), -logits[[0, 1, 2], y[:3]], rtol=1e-5
    )
    drawn = model.generate(100, 1, seed=0)
    assert np.median(drawn) > 0.5


@pytest.mark.parametrize(
    "given, message",
    [
        ({"steps": 0}, "must be positive"),
        ({"noise": -1.0}, "`noise` not negative"),
        ({"num_classes": 3}, "must say 3 numbers.*Received: 1"),
    ],
)
def test_refuses_what_it_cannot_be(given, message):
    with pytest.raises(ValueError, match=message):
        make(**given)


def test_refuses_data_that_cannot_be():
    with pytest.raises(ValueError, match="values from -3 to 3"):
        make().fit(np.full((2, 2), 4.0), verbose=0)
    with pytest.raises(ValueError, match="from pictures and labels"):
        make(2, num_classes=2).fit(np.zeros((2, 2)), verbose=0)

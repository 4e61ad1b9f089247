import keras
import numpy as np
import pytest

from keras_nn.layers import ActNorm
from keras_nn.layers import Squeeze
from keras_nn.models import Flow
from keras_nn.testing import check_model
from keras_nn.testing.compiled_steps import check_compiled_steps

RNG = np.random.default_rng(0)
X = RNG.uniform(size=(9, 2)).astype("float32")
Y = np.arange(9) % 3


def make(preset="real_nvp", shape=(2,), rate=1e-2, **kwargs):
    given = {"depth": 2, "units": [8], **kwargs}
    model = Flow.from_preset(preset, shape, **given)
    model.compile(keras.optimizers.Adam(rate))
    return model


def fresh():
    config = make().get_config()
    return {
        "chain": keras.saving.deserialize_keras_object(config["chain"]),
        "example_shape": (2,),
    }


@pytest.mark.slow
def test_conformance():
    check_model(Flow, fresh, X, epochs=10, jit=False)


@pytest.mark.slow
def test_steps_compile_whole():
    check_compiled_steps(make(num_classes=3, levels=4), (X, Y))


def test_densities_are_those_of_a_normal_behind_the_norm():
    model = Flow(ActNorm(), (2,))
    x = RNG.normal([1, 2], [3, 0.5], (500, 2)).astype("float32")
    model.adapt(x)
    mean, deviation = x.mean(0), x.std(0)
    away = (x - mean) / deviation
    expected = -0.5 * (away**2).sum(1) - np.log(2 * np.pi * deviation.prod())
    np.testing.assert_allclose(model(x), expected, rtol=1e-4)
    drawn = model.generate(4000, seed=0)
    np.testing.assert_allclose(drawn.mean(0), mean, atol=0.2)
    np.testing.assert_allclose(drawn.std(0), deviation, rtol=0.1)


@pytest.mark.slow
def test_densities_sum_to_one_and_follow_the_data(tmp_path):
    keras.utils.set_random_seed(0)
    side = RNG.integers(0, 2, 1000)
    x = RNG.normal(0, 0.3, (1000, 2)) + 2.0 * side[:, None] - 1
    model = make("real_nvp", units=[16], num_classes=2)
    model.fit(x.astype("float32"), side, epochs=8, batch_size=64, verbose=0)
    axis = np.linspace(-4, 4, 81).astype("float32")
    grid = np.stack(np.meshgrid(axis, axis), -1).reshape(-1, 2)
    density = np.exp(model.predict(grid, verbose=0))
    assert density.sum() * 0.01 == pytest.approx(1, abs=0.02)
    said = {"values": x[:4].astype("float32"), "labels": side[:4]}
    assert model(said).shape == (4,)
    drawn = model.generate(200, 1, seed=0)
    assert np.abs(drawn.mean(0) - 1).max() < 0.2
    model.save(tmp_path / "a.keras")
    loaded = keras.saving.load_model(tmp_path / "a.keras")
    np.testing.assert_allclose(
        loaded.generate(5, 0, seed=1), model.generate(5, 0, seed=1), atol=1e-5
    )
    assert float(loaded.adapted) == 1


def test_bits_are_those_of_levels():
    model = make("nice", levels=4)
    x = RNG.integers(0, 4, (50, 2)) / 3
    logs = model.evaluate(x, batch_size=50, verbose=0, return_dict=True)
    bits = logs["loss"] / (2 * np.log(2))
    assert logs["bits_per_dimension"] == pytest.approx(bits, rel=1e-5)
    nats = -np.asarray(model(x.astype("float32")))
    assert nats.mean() == pytest.approx(logs["loss"], rel=1e-4)
    values = model.generate(20, seed=0) * 3
    assert set(np.unique(values.round(5))) <= {0, 1, 2, 3}


@pytest.mark.slow
def test_a_condition_moves_the_density():
    keras.utils.set_random_seed(0)
    told = RNG.uniform(-2, 2, (600, 1)).astype("float32")
    x = told + RNG.normal(0, 0.1, (600, 2)).astype("float32")
    model = make("maf", condition_units=1, units=[16], rate=2e-2)
    model.fit(x, told, epochs=12, batch_size=64, verbose=0)
    drawn = model.generate(2, np.array([[-1.5], [1.5]]), seed=0)
    np.testing.assert_allclose(drawn, [[-1.5] * 2, [1.5] * 2], atol=0.6)


@pytest.mark.parametrize("x", [np.ones((8, 2)), np.ones((1, 2))])
def test_takes_constant_values_and_a_single_example(x):
    model = make()
    model.fit(x, epochs=2, verbose=0)
    assert np.isfinite(model.evaluate(x, verbose=0))


@pytest.mark.parametrize(
    "given, x, y, message",
    [
        ({}, np.full((4, 2), np.nan), None, "must be finite"),
        ({"levels": 4}, X * 3, None, "values from 0 to 1"),
        ({"num_classes": 3}, X, Y + 1, "labels must be from 0 to 2"),
        ({"num_classes": 3}, X, None, "from pictures and labels"),
        ({"condition_units": 1}, X, None, "with a condition needs it"),
    ],
)
def test_refuses_data_that_cannot_be(given, x, y, message):
    with pytest.raises(ValueError, match=message):
        make(**given).fit(x, y, verbose=0)


def test_refuses_what_it_cannot_be():
    with pytest.raises(ValueError, match="must keep the shape"):
        Flow(Squeeze(), (2, 2, 1))
    with pytest.raises(ValueError, match="a class or of a condition"):
        Flow(ActNorm(), (2,), num_classes=2, condition_units=2)
    with pytest.raises(ValueError, match="`levels` must be at least 2"):
        Flow(ActNorm(), (2,), levels=1)
    with pytest.raises(ValueError, match="`preset` of Flow must be one of"):
        Flow.from_preset("glowing", (2,))
    with pytest.raises(ValueError, match="a model with classes only"):
        make().generate(2, labels=1)


def test_names_a_training_that_diverged():
    model = make("maf", depth=1)
    model.chain.layers[1].head.bias.assign(np.full((4,), np.nan))
    with pytest.raises(ValueError, match="a Flow diverged in epoch 1.*nan"):
        model.fit(X, verbose=0)

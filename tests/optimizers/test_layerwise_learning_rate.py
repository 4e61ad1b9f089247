import keras
import numpy as np
import pytest

from keras_nn.optimizers import LayerwiseLearningRate
from keras_nn.testing import two_replicas
from keras_nn.training import Model

SCALES = [0.1, 0.2, 1.0, 0.5]
X = np.random.default_rng(0).normal(size=(24, 3)).astype("float32")
Y = X.sum(axis=1, keepdims=True) ** 2
OPTIMIZERS = {
    "sgd": lambda: keras.optimizers.SGD(0.1, momentum=0.9, nesterov=True),
    "adam": lambda: keras.optimizers.Adam(0.1, amsgrad=True),
    "adamw": lambda: keras.optimizers.AdamW(0.1, weight_decay=0.3),
    "nadam": lambda: keras.optimizers.Nadam(0.1),
    "lion": lambda: keras.optimizers.Lion(0.05, weight_decay=0.1),
    "rmsprop": lambda: keras.optimizers.RMSprop(0.05, momentum=0.5),
    "adafactor": lambda: keras.optimizers.Adafactor(0.05),
    "ftrl": lambda: keras.optimizers.Ftrl(0.1),
}


def variables():
    generator = np.random.default_rng(1)
    shapes = (3, 2), (2,), (2, 1), (1,)
    return [keras.Variable(generator.normal(size=s)) for s in shapes]


def gradients(step):
    generator = np.random.default_rng(step + 10)
    return [generator.normal(size=v.shape) for v in variables()]


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_step_is_that_of_an_optimiser_for_each_weight(name):
    """The naive form: an optimiser of its own, with its rate, for each."""
    together, alone = variables(), variables()
    optimizer = LayerwiseLearningRate(OPTIMIZERS[name](), SCALES)
    optimizer.build(together)
    single = []
    for scale, variable in zip(SCALES, alone, strict=True):
        one = OPTIMIZERS[name]()
        one.learning_rate = float(one.learning_rate.numpy()) * scale
        one.build([variable])
        single.append(one)
    for step in range(3):
        given = [keras.ops.cast(g, "float32") for g in gradients(step)]
        optimizer.apply(given)
        for one, gradient in zip(single, given, strict=True):
            one.apply([gradient])
    assert int(optimizer.iterations) == 3
    for a, b, start in zip(together, alone, variables(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)
        assert np.abs(np.array(a) - np.array(start)).max() > 1e-7


def test_gradients_are_clipped_over_all_weights():
    together, plain = variables(), variables()
    optimizer = LayerwiseLearningRate(
        keras.optimizers.SGD(1.0, global_clipnorm=0.5), SCALES
    )
    optimizer.build(together)
    other = keras.optimizers.SGD(1.0, global_clipnorm=0.5)
    other.build(plain)
    given = [keras.ops.cast(g, "float32") for g in gradients(0)]
    optimizer.apply(given)
    other.apply(given)
    for a, b, start, scale in zip(
        together, plain, variables(), SCALES, strict=True
    ):
        start = np.array(start)
        np.testing.assert_allclose(
            np.array(a) - start, scale * (np.array(b) - start), atol=1e-6
        )


def test_weights_that_are_not_to_decay_do_not():
    weights = variables()
    inner = keras.optimizers.AdamW(0.1, weight_decay=0.5)
    inner.exclude_from_weight_decay(var_list=[weights[1]])
    optimizer = LayerwiseLearningRate(inner, SCALES)
    optimizer.build(weights)
    optimizer.apply([keras.ops.zeros(v.shape) for v in weights])
    for index, (a, start, scale) in enumerate(
        zip(weights, variables(), SCALES, strict=True)
    ):
        kept = 1 if index == 1 else 1 - 0.1 * 0.5 * scale
        np.testing.assert_allclose(a, np.array(start) * kept, rtol=1e-5)


def make(**options):
    keras.utils.set_random_seed(0)
    inputs = keras.Input((3,))
    hidden = keras.layers.Dense(2, "tanh", name="hidden")(inputs)
    model = Model(inputs, keras.layers.Dense(1, name="top")(hidden))
    schedule = keras.optimizers.schedules.ExponentialDecay(0.1, 2, 0.5)
    rate = options.pop("rate", schedule)
    inner = keras.optimizers.AdamW(rate, weight_decay=0.1, **options)
    model.compile(LayerwiseLearningRate(inner, SCALES), "mse")
    return model


def fit(model, batch_size=12, epochs=2):
    model.fit(
        X, Y, batch_size=batch_size, epochs=epochs, shuffle=False, verbose=0
    )
    return model.get_weights()


def assert_same(some, others, **how):
    for a, b in zip(some, others, strict=True):
        np.testing.assert_allclose(a, b, **{"rtol": 1e-5, "atol": 1e-6, **how})


def test_two_replicas_equal_one():
    with two_replicas().scope():
        model = make(global_clipnorm=0.3, use_ema=True)
    assert_same(fit(make(global_clipnorm=0.3, use_ema=True)), fit(model))


def test_accumulated_batches_equal_the_larger_one():
    model = make()
    model.accumulate(2)
    assert_same(fit(model, batch_size=6), fit(make(), batch_size=12))


def test_a_saved_model_goes_on_as_it_would_have(tmp_path):
    model = make(use_ema=True)
    fit(model)
    model.save(tmp_path / "a.keras")
    loaded = keras.saving.load_model(tmp_path / "a.keras")
    assert loaded.optimizer.scales == SCALES
    assert loaded.optimizer.get_config() == model.optimizer.get_config()
    assert_same(
        [v.numpy() for v in loaded.optimizer.variables],
        [v.numpy() for v in model.optimizer.variables],
    )
    assert_same(fit(loaded), fit(model))
    names = [v.path for v in model.optimizer.variables]
    assert len(names) == 1 + 4 + 2 * 4  # iterations, averages, two moments


def test_the_rate_can_be_read_and_set():
    model = make(rate=0.1)
    model.optimizer.learning_rate = 0.02
    assert float(model.optimizer.learning_rate) == pytest.approx(0.02)
    again = LayerwiseLearningRate.from_config(model.optimizer.get_config())
    assert float(again.learning_rate) == pytest.approx(0.02)
    before = model.get_weights()
    model.optimizer.learning_rate = 0.0
    assert_same(fit(model), before)


def test_float16_learns():
    keras.config.set_dtype_policy("mixed_float16")
    try:
        model = make(rate=0.05)
    finally:
        keras.config.set_dtype_policy("float32")
    assert isinstance(model.optimizer, keras.optimizers.LossScaleOptimizer)
    model.optimizer.initial_scale = 8.0  # nothing overflows
    before = model.get_weights()
    for a, b in zip(before, fit(model), strict=True):
        assert np.abs(a - b).max() > 1e-3
    assert_same(model.get_weights(), fit(make(rate=0.05)), rtol=0.1, atol=0.01)


def test_refuses_scales_that_do_not_fit():
    with pytest.raises(ValueError, match=r"scales=\[-1.0\]"):
        LayerwiseLearningRate("sgd", [-1])
    with pytest.raises(ValueError, match="3 scales, 4 weights"):
        LayerwiseLearningRate("sgd", [1, 1, 1]).build(variables())

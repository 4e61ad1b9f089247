import keras
import numpy as np
import pytest

from keras_nn.applications import optimization


def build(steps=100, **settings):
    return optimization.build_optimizer(
        {**optimization.SETTINGS, **settings}, steps
    )


@pytest.mark.parametrize("name", optimization.CHOICES["optimizer"])
def test_every_optimizer_is_made_and_serialises(name):
    optimizer = build(optimizer=name, weight_decay=0.01)
    assert type(optimizer).__name__.lower() == name
    assert optimizer.weight_decay == 0.01
    config = keras.optimizers.serialize(optimizer)
    assert keras.optimizers.deserialize(config).weight_decay == 0.01


def test_steps_divide_the_rate_by_ten_at_half_and_three_quarters():
    schedule = build(schedule="steps", learning_rate=1.0)._learning_rate
    rates = [float(schedule(step)) for step in (0, 50, 51, 75, 76, 99)]
    np.testing.assert_allclose(rates, [1, 1, 0.1, 0.1, 0.01, 0.01])


def test_cosine_falls_to_zero():
    schedule = build(schedule="cosine", learning_rate=2.0)._learning_rate
    rates = [float(schedule(step)) for step in (0, 50, 100)]
    np.testing.assert_allclose(rates, [2, 1, 0], atol=1e-6)


def test_momentum_is_that_of_sgd():
    assert build(optimizer="sgd", momentum=0.5).momentum == 0.5


@pytest.mark.parametrize("name", optimization.CHOICES["optimizer"])
def test_averages_of_weights_are_kept_where_asked_for(name):
    optimizer = build(optimizer=name, ema=0.99)
    assert optimizer.use_ema and optimizer.ema_momentum == 0.99
    assert not build(optimizer=name).use_ema

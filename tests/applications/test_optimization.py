import keras
import numpy as np
import pytest

from keras_nn.applications import optimization
from keras_nn.applications.unknown_choice import WrongRequest


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


def test_a_polynomial_falls_to_zero_and_a_cosine_begins_three_times():
    schedule = build(schedule="polynomial", learning_rate=2.0)._learning_rate
    rates = [float(schedule(step)) for step in (0, 50, 100)]
    np.testing.assert_allclose(rates, [2, 2 * 0.5**0.9, 0], atol=1e-6)
    schedule = build(70, schedule="cosine_restarts")._learning_rate
    rates = [1e3 * float(schedule(step)) for step in (0, 5, 10, 20, 30, 50, 69)]
    last = (1 + np.cos(np.pi * 39 / 40)) / 2
    np.testing.assert_allclose(rates, [1, 0.5, 1, 0.5, 1, 0.5, last], atol=1e-5)


@pytest.mark.parametrize("warmup", [0.2, 20])
def test_a_warmup_comes_first_and_the_schedule_takes_the_rest(warmup):
    made = build(warmup=float(warmup), schedule="cosine", learning_rate=2.0)
    schedule = made._learning_rate
    rates = [float(schedule(step)) for step in (0, 9, 19, 20, 60, 100)]
    np.testing.assert_allclose(rates, [0.1, 1, 2, 2, 1, 0], atol=1e-6)


def test_gradients_are_clipped_where_asked_for():
    assert build(clip_norm=1.5).global_clipnorm == 1.5
    assert build().global_clipnorm is None


def test_refuses_a_warmup_that_leaves_nothing_and_negative_numbers():
    for warmup in (-0.1, 100.0):
        with pytest.raises(WrongRequest, match=f"Received: warmup={warmup}"):
            build(warmup=warmup)
    with pytest.raises(WrongRequest, match="Received: -1"):
        build(clip_norm=-1.0)


def test_momentum_is_that_of_sgd():
    assert build(optimizer="sgd", momentum=0.5).momentum == 0.5


@pytest.mark.parametrize("name", optimization.CHOICES["optimizer"])
def test_averages_of_weights_are_kept_where_asked_for(name):
    optimizer = build(optimizer=name, ema=0.99)
    assert optimizer.use_ema and optimizer.ema_momentum == 0.99
    assert not build(optimizer=name).use_ema

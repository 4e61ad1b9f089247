import keras
import numpy as np
import pytest

from keras_nn.schedules import InverseSquareRootWarmup


def test_is_the_schedule_of_the_paper():
    width, warmup = 512, 4000
    schedule = InverseSquareRootWarmup((width * warmup) ** -0.5, warmup)
    for step in (1, 100, 4000, 50_000):
        expected = width**-0.5 * min(step**-0.5, step * warmup**-1.5)
        assert float(schedule(step - 1)) == pytest.approx(expected, rel=1e-5)


def test_drives_an_optimizer_and_loads():
    schedule = InverseSquareRootWarmup(0.1, 2)
    again = keras.optimizers.schedules.deserialize(
        keras.optimizers.schedules.serialize(schedule)
    )
    assert float(again(5)) == float(schedule(5))
    optimizer = keras.optimizers.SGD(schedule)
    weight = keras.Variable(1.0)
    optimizer.apply([np.ones(())], [weight])
    assert float(weight) == pytest.approx(1 - 0.05)


def test_refuses_nothing():
    with pytest.raises(ValueError, match="peak=0.1, warmup_steps=0"):
        InverseSquareRootWarmup(0.1, 0)

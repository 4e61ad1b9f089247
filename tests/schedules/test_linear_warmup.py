import keras
import numpy as np
import pytest

from keras_nn.schedules import LinearWarmup


def test_rises_in_a_line_and_then_is_the_other_schedule():
    cosine = keras.optimizers.schedules.CosineDecay(2.0, 20)
    rate = LinearWarmup(cosine, 4)
    found = [float(rate(step)) for step in range(25)]
    expected = [2 * (t + 1) / 4 for t in range(4)]
    expected += [float(cosine(t)) for t in range(21)]
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-7)


def test_an_optimizer_keeps_it_when_it_is_saved():
    for after in (0.5, keras.optimizers.schedules.CosineDecay(0.5, 9)):
        optimizer = keras.optimizers.SGD(LinearWarmup(after, 2))
        config = keras.optimizers.serialize(optimizer)
        again = keras.optimizers.deserialize(config)
        np.testing.assert_allclose(again.learning_rate, 0.25)


def test_refuses_no_warmup():
    with pytest.raises(ValueError, match="Received: warmup_steps=0"):
        LinearWarmup(0.5, 0)

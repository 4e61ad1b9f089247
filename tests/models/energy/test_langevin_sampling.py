import keras
import numpy as np
from keras import ops

from keras_nn.models.energy.langevin_sampling import LangevinSampling


def test_small_steps_have_the_density_of_the_energy():
    walk = LangevinSampling(
        lambda x: ops.sum((x - 1) ** 2 / (2 * 0.25), -1), 0.02, 0.04**0.5
    )
    seed = keras.random.SeedGenerator(0)
    found = np.asarray(walk(np.zeros((4000, 1), "float32"), 100, seed))
    np.testing.assert_allclose(found.mean(), 1, atol=0.05)
    np.testing.assert_allclose(found.std(), 0.5, atol=0.05)


def test_slopes_are_cut_and_examples_stay_in_their_range():
    walk = LangevinSampling(
        lambda x: ops.sum(-100 * x, -1), 1.0, 0.0, (-1, 1), clip=0.3
    )
    start = np.zeros((1, 1), "float32")
    assert float(walk(start, 1, None)[0, 0]) == np.float32(0.3)
    assert float(walk(start, 9, None)[0, 0]) == 1

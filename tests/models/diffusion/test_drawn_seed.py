import keras
import numpy as np
from keras import ops

from keras_nn.models.diffusion.drawn_seed import DrawnSeed
from keras_nn.testing.backend import compiled


def test_every_turn_of_a_loop_draws_anew_and_a_run_again_the_same():
    def draw(seeds):
        def turn(index, found):
            seed = DrawnSeed(ops.take(seeds, index, axis=0))
            row = keras.random.normal((1, 4), seed=seed)
            return ops.slice_update(found, (index, 0), row)

        return ops.fori_loop(0, 3, turn, ops.zeros((3, 4)))

    seeds = ops.convert_to_tensor([[1, 2], [1, 3], [1, 2]], "uint32")
    first, again = (np.array(compiled(draw, [])(seeds)) for _ in "ab")
    np.testing.assert_array_equal(first, again)
    np.testing.assert_array_equal(first[0], first[2])
    assert np.abs(first[0] - first[1]).max() > 1e-3

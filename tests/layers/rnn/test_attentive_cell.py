import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.layers import AttentiveCell

generator = np.random.default_rng(0)
X = generator.normal(size=(2, 4, 3)).astype("float32")
MEMORY = generator.normal(size=(2, 5, 6)).astype("float32")


def test_output_is_state_context_and_weights():
    cell = AttentiveCell(4)
    cell.look_at(ops.convert_to_tensor(MEMORY))
    loop = keras.layers.RNN(cell, return_sequences=True)
    y = np.array(loop(X, initial_state=cell.start_state(2)))
    assert y.shape == (2, 4, 4 + 6 + 5)
    weights = y[..., 10:]
    np.testing.assert_allclose(weights.sum(-1), 1, rtol=1e-5)
    np.testing.assert_allclose(
        y[..., 4:10], np.einsum("bts,bsf->btf", weights, MEMORY), atol=1e-5
    )


def test_refuses_to_step_without_a_memory():
    cell = AttentiveCell(4)
    cell.look_at(ops.convert_to_tensor(MEMORY))
    cell.look_away()
    with pytest.raises(ValueError, match="look_at"):
        cell.start_state(2)
    with pytest.raises(ValueError, match="cell='simple'"):
        AttentiveCell(4, cell="simple")

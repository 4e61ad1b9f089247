import numpy as np
import pytest

from keras_nn.layers import MaskedDense
from keras_nn.testing import check_layer


def test_conformance():
    check_layer(
        MaskedDense,
        {
            "input_numbers": [1, 2, 3],
            "output_numbers": [1, 2, 1, 3],
            "activation": "tanh",
        },
        (2, 3),
    )


@pytest.mark.parametrize("strict", [False, True])
def test_an_output_depends_on_smaller_numbers_only(strict):
    layer = MaskedDense([3, 1, 2], [2, 3, 1], strict)
    x = np.random.default_rng(0).normal(size=(1, 3)).astype("float32")
    before = np.asarray(layer(x))
    for place, number in enumerate([3, 1, 2]):
        changed = x.copy()
        changed[0, place] += 1
        moved = np.asarray(layer(changed) != before)[0]
        expected = [number < n if strict else number <= n for n in [2, 3, 1]]
        assert moved.tolist() == expected


def test_refuses_another_number_of_inputs():
    with pytest.raises(ValueError, match="one number an input"):
        MaskedDense([1], [1])(np.ones((1, 2)))

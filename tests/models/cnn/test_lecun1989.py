import numpy as np
import pytest

from keras_nn.models import LeCun1989
from keras_nn.models.cnn.lecun1989 import H2_TABLE
from keras_nn.testing import check_model


def test_conformance():
    arguments = {"input_shape": (16, 16, 1), "classes": 3}
    check_model(LeCun1989, arguments, (5, 16, 16, 1), (5, 3))


def test_has_the_weights_that_the_paper_counts():
    model = LeCun1989()
    counts = [
        sum(model.get_layer(name).count_params() for name in names)
        for names in (
            ["h1_kernel", "h1_bias"],
            ["h2_kernel", "h2_bias"],
            ["h3"],
            ["predictions"],
        )
    ]
    assert counts == [1068, 2592, 5790, 310]
    assert model.count_params() == 9760


def test_equals_loops_over_units():
    model = LeCun1989()
    x = np.random.default_rng(0).uniform(-1, 1, size=(16, 16))
    h1_kernel, h1_bias, h2_kernel, h2_bias, *dense = model.get_weights()

    def frame(maps):
        sides = ((2, 2), (2, 2), (0, 0))
        return np.pad(maps, sides, constant_values=-1.0)

    framed = frame(x[..., None])
    h1 = np.zeros((8, 8, 12))
    for i in range(8):
        for j in range(8):
            patch = framed[2 * i : 2 * i + 5, 2 * j : 2 * j + 5]
            for o in range(12):
                total = np.sum(patch[..., 0] * h1_kernel[:, :, 0, o])
                h1[i, j, o] = np.tanh(total + h1_bias[i, j, o])
    framed = frame(h1)
    h2 = np.zeros((4, 4, 12))
    for i in range(4):
        for j in range(4):
            patch = framed[2 * i : 2 * i + 5, 2 * j : 2 * j + 5]
            for o in range(12):
                seen = patch[..., H2_TABLE[o]]
                total = np.sum(seen * h2_kernel[:, :, 8 * o : 8 * o + 8])
                h2[i, j, o] = np.tanh(total + h2_bias[i, j, o])
    h3 = np.tanh(h2.reshape(-1) @ dense[0] + dense[1])
    expected = np.tanh(h3 @ dense[2] + dense[3])
    scores = model.predict(x[None, ..., None], verbose=0)
    np.testing.assert_allclose(scores[0], expected, rtol=1e-3, atol=1e-4)


def test_every_map_of_h2_sees_eight_and_every_map_of_h1_is_seen_by_eight():
    assert all(len(set(row)) == 8 for row in H2_TABLE)
    assert [sum(i in row for row in H2_TABLE) for i in range(12)] == [8] * 12


def test_refuses_an_unknown_size():
    with pytest.raises(ValueError, match="Received: input_shape="):
        LeCun1989(input_shape=(None, 16, 1))

import numpy as np
import pytest
from keras import ops

from keras_nn.ops import segment_aggregate
from keras_nn.ops import segment_count
from keras_nn.ops import take_rows
from keras_nn.testing.backend import compiled
from keras_nn.testing.backend import gradients

IDS = np.array([3, 0, 3, -1, 0, 5, 3, 2, 7], "int32")  # of 5: 1 and 4 empty
DATA = np.random.default_rng(0).normal(size=(9, 2)).astype("float32")
NAIVE = {
    "sum": lambda rows: rows.sum(0),
    "mean": lambda rows: rows.mean(0),
    "max": lambda rows: rows.max(0),
    "min": lambda rows: rows.min(0),
    "std": lambda rows: rows.std(0),
    "softmax": lambda rows: (np.exp(rows) / np.exp(rows).sum(0) * rows).sum(0),
}


def naive(how, order=slice(None)):
    data, ids = DATA[order], IDS[order]
    rows = [data[ids == segment] for segment in range(5)]
    return [NAIVE[how](r) if len(r) else np.zeros(2) for r in rows]


@pytest.mark.parametrize("how", NAIVE)
@pytest.mark.parametrize("jit", [False, True])
def test_equals_a_loop_over_segments(how, jit):
    # -1, 5 and 7 are no segments: nothing of their rows arrives anywhere.
    run = compiled(lambda x: segment_aggregate(x[0], x[1], 5, how), [], jit=jit)
    for order in (slice(None), np.argsort(IDS, kind="stable")):
        y = ops.convert_to_numpy(run([DATA[order], IDS[order]]))
        np.testing.assert_allclose(y, naive(how), rtol=1e-5, atol=1e-6)


def test_several_ways_are_joined():
    y = segment_aggregate(DATA, IDS, 5, ["mean", "max"])
    expected = np.concatenate([naive("mean"), naive("max")], axis=-1)
    np.testing.assert_allclose(y, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("how", NAIVE)
def test_gradients_are_finite_where_rows_are_equal_or_dropped(how):
    import keras

    data = keras.Variable(np.ones((9, 2), "float32"))

    def loss():
        y = segment_aggregate(data.value, IDS, 5, how)
        return ops.sum(y), y

    gradient = ops.convert_to_numpy(gradients(loss, [data])[2][0])
    assert np.isfinite(gradient).all()
    assert not gradient[[3, 5, 8]].any()


def test_counts_are_exact_beyond_what_half_precision_counts():
    ids = np.zeros(4099, "int32")
    assert int(segment_count(ids, 1)[0]) == 4099


def test_no_rows_leave_every_segment_empty():
    for how in NAIVE:
        y = segment_aggregate(DATA[:0], IDS[:0], 3, how)
        np.testing.assert_array_equal(y, np.zeros((3, 2)))


@pytest.mark.parametrize("jit", [False, True])
def test_a_row_that_is_not_there_is_no_error(jit):
    run = compiled(lambda x: take_rows(x[0], x[1]), [], jit=jit)
    y = ops.convert_to_numpy(run([DATA, np.array([2, -1, 99], "int32")]))
    np.testing.assert_array_equal(y[0], DATA[2])
    assert np.isfinite(y).all()


def test_refuses_an_aggregator_that_is_unknown():
    with pytest.raises(ValueError, match="Received: aggregator='mode'"):
        segment_aggregate(DATA, IDS, 5, "mode")
    with pytest.raises(ValueError, match="Received"):
        segment_aggregate(DATA, IDS, 5, [])

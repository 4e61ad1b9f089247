import numpy as np

from keras_nn.testing import inputs


def test_shapes_become_different_arrays_and_arrays_stay():
    ids = np.array([1, 2])
    a, b, kept = inputs.make_inputs([(2, 3), (2, 3), ids])
    assert a.shape == b.shape == (2, 3)
    assert not np.allclose(a, b)
    assert kept is ids or np.array_equal(kept, ids)


def test_shapes_of_a_nest():
    nest = {"b": np.ones((2, 3)), "a": [np.ones((2, 1))]}
    assert inputs.shapes_of(nest) == {"b": (2, 3), "a": [(2, 1)]}
    assert inputs.shapes_of(nest, batch=False)["b"] == (None, 3)
    assert inputs.flat_shapes(inputs.shapes_of(nest)) == [(2, 1), (2, 3)]


def test_odd_batches_and_rows():
    x = np.arange(4.0)[:, None]
    assert len(inputs.odd(x)) == 5 and len(inputs.odd(x[:3])) == 3
    np.testing.assert_array_equal(inputs.one_more([x])[0][-1], x[0])
    np.testing.assert_array_equal(inputs.rows(x, 1, 3), x[1:3])


def test_only_floats_are_cast():
    nest = [np.ones((1,), "float32"), np.ones((1,), "int32")]
    half, whole = inputs.cast(nest, "float16")
    assert "float16" in str(half.dtype) and "int32" in str(whole.dtype)
    symbolic = inputs.keras_inputs(nest, batch=False)
    assert symbolic[0].shape == (1,) and symbolic[1].dtype == "int32"

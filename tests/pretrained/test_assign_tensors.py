import keras
import numpy as np
import pytest

from keras_nn.pretrained.assign_tensors import assign_tensors


def network():
    return keras.Sequential(
        [
            keras.Input((3,)),
            keras.layers.Dense(2, name="one"),
            keras.layers.Dense(4, name="two"),
        ],
        name="net",
    )


def parts(model):
    """Two kernels that cannot be one tensor, and two biases that are."""
    one, two = model.layers
    return {
        "one.weight": [one.kernel],
        "two.weight": [two.kernel],
        "bias": [one.bias, one.bias],
    }


def tensors():
    return {
        "one.weight": np.arange(6.0).reshape(2, 3),
        "two.weight": np.arange(8.0).reshape(4, 2),
        "bias": np.array([1.0, 2, 3, 4]),
    }


def test_a_tensor_is_split_among_the_variables_it_holds():
    model = network()
    count = assign_tensors(model, parts(model), tensors(), lambda name: False)
    assert count == 4
    np.testing.assert_array_equal(
        model.layers[0].kernel, tensors()["one.weight"].T
    )
    np.testing.assert_array_equal(model.layers[0].bias, [3, 4])


@pytest.mark.parametrize(
    "name, value, received",
    [
        ("one.weight", None, r"missing: \['one.weight'\]"),
        ("more", np.ones(2), r"left over: \['more'\]"),
        ("bias", np.ones(5), r"bias: \(5,\), not \(4,\)"),
        ("two.weight", np.ones((2, 2)), r"two.weight: \(2, 2\), not \(4, 2\)"),
    ],
)
def test_nothing_is_assigned_where_anything_is_wrong(name, value, received):
    model, given = network(), tensors()
    before = model.get_weights()
    given[name] = value
    if value is None:
        del given[name]
    with pytest.raises(ValueError, match=f"do not fit 'net'.*{received}"):
        assign_tensors(model, parts(model), given, lambda name: False)
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


def test_what_is_unused_may_be_left_over():
    model = network()
    given = {**tensors(), "buffer": np.ones(1)}
    assert assign_tensors(model, parts(model), given, "buffer".__eq__) == 4

import numpy as np

from keras_nn.data import load
from keras_nn.data.digits_in_ink import in_chalk
from keras_nn.data.digits_in_ink import in_ink


def test_tests_have_pairs_and_training_has_none():
    splits = load("digits-in-ink")
    counts = [len(p) for p in (splits.train, splits.validation, splits.test)]
    assert counts == [647, 144, 359]
    digits = load("digits", validation_fraction=0)
    np.testing.assert_array_equal(splits.test.x, in_chalk(digits.test.x))
    np.testing.assert_array_equal(splits.test.y, in_ink(digits.test.x))
    ink, chalk = in_ink(digits.train.x), in_chalk(digits.train.x)

    def numbers(pictures, of):
        flat = {p.tobytes(): k for k, p in enumerate(of)}
        return {flat[p.tobytes()] for p in pictures}

    left, right = (
        numbers(splits.train.x, chalk),
        numbers(splits.train.y, ink),
    )
    assert not left & right and len(left) == len(right) == 647
    assert not (left | right) & numbers(splits.validation.x, chalk)


def test_ink_is_gold_where_chalk_is_white():
    digits = load("digits").test.x[:9]
    chalk, ink = (f(digits).astype("float32") for f in (in_chalk, in_ink))
    share = chalk[..., 0] / 255
    np.testing.assert_allclose(ink[..., 0], 20 + share * 235, atol=1)
    np.testing.assert_allclose(ink[..., 2], 110 - share * 20, atol=1)

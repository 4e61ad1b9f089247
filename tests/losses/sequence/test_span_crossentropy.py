import numpy as np

from keras_nn.losses import SpanCrossentropy
from keras_nn.losses import span_crossentropy
from keras_nn.testing import check_loss


def test_conformance():
    places = np.array([[0, 3], [2, 2], [1, 4]])
    check_loss(SpanCrossentropy, {}, places, (3, 2, 5))


def test_equals_the_formula():
    logits = np.random.default_rng(0).normal(size=(2, 2, 4))
    places = np.array([[1, 3], [0, 0]])
    expected = [
        np.mean(
            [
                np.log(np.exp(row).sum()) - row[place]
                for row, place in zip(rows, where, strict=True)
            ]
        )
        for rows, where in zip(logits, places, strict=True)
    ]
    np.testing.assert_allclose(
        span_crossentropy(places, logits), expected, rtol=1e-5
    )


def test_places_have_a_range():
    assert SpanCrossentropy().label_range((None, 2, 7)) == (0, 6)
    assert SpanCrossentropy().label_range((None, 2, None))[1] > 1e9

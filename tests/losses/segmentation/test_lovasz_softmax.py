import numpy as np
import pytest

from keras_nn.losses import LovaszSoftmax
from keras_nn.testing import check_loss

RNG = np.random.default_rng(0)
MASKS = RNG.integers(0, 3, (3, 3, 4))
SHARES = RNG.dirichlet(np.ones(3), MASKS.shape).astype("float32")


def jaccard_loss(truth, wrong):
    """1 - IoU of a prediction that is wrong at these places."""
    predicted = truth ^ wrong
    either = (truth | predicted).sum()
    return 1 - (truth & predicted).sum() / either if either else 0.0


def naive(mask, shares):
    losses = []
    for c in np.unique(mask):
        truth = (mask == c).ravel()
        errors = np.abs(truth - shares[..., c].ravel())
        wrong, value, before = np.zeros_like(truth), 0.0, 0.0
        for place in np.argsort(-errors, kind="stable"):
            wrong[place] = True
            now = jaccard_loss(truth, wrong)
            value += errors[place] * (now - before)
            before = now
        losses.append(value)
    return np.mean(losses)


def test_conformance():
    check_loss(LovaszSoftmax, {}, MASKS, SHARES)


def test_equals_the_extension_of_the_set_function():
    expected = [naive(*pair) for pair in zip(MASKS, SHARES, strict=True)]
    np.testing.assert_allclose(
        LovaszSoftmax(reduction="none")(MASKS, SHARES), expected, rtol=1e-5
    )


def test_at_sure_predictions_it_is_the_jaccard_loss():
    guess = RNG.integers(0, 2, (1, 4, 4))
    truth = RNG.integers(0, 2, (1, 4, 4))
    expected = [
        jaccard_loss((truth == c).ravel(), (guess != truth).ravel())
        for c in (0, 1)
    ]
    assert float(LovaszSoftmax()(truth, np.eye(2)[guess])) == pytest.approx(
        np.mean(expected)
    )


def test_ignored_places_and_absent_classes_do_not_count():
    masks = MASKS.clip(0, 1)
    masks[:, 0] = 255
    loss = LovaszSoftmax(ignore_class=255, reduction="none")
    expected = [naive(m[1:], s[1:]) for m, s in zip(masks, SHARES, strict=True)]
    np.testing.assert_allclose(loss(masks, SHARES), expected, rtol=1e-5)
    every = LovaszSoftmax(ignore_class=255, present_only=False)
    assert float(every(masks, SHARES)) != pytest.approx(np.mean(expected))

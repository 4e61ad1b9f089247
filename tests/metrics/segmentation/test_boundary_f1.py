import numpy as np
import pytest

from keras_nn.metrics import BoundaryF1
from keras_nn.testing import check_metric

RNG = np.random.default_rng(0)
MASKS = (RNG.random((4, 3, 3)) < 0.6).astype(int).repeat(3, 1).repeat(3, 2)
SHARES = RNG.dirichlet(np.ones(2), MASKS.shape).astype("float32")
SHARES[..., 1] += 0.7 * MASKS


def boundary(region):
    found = []
    for y, x in np.argwhere(region):
        around = region[max(y - 1, 0) : y + 2, max(x - 1, 0) : x + 2]
        if not around.all():
            found.append((y, x))
    return found


def share(of, near, tolerance):
    hits = [
        any(max(abs(y - v), abs(x - u)) <= tolerance for v, u in near)
        for y, x in of
    ]
    return np.mean(hits) if hits else 0.0


def naive(masks, shares, tolerance):
    scores = []
    for mask, guess in zip(masks, shares.argmax(-1), strict=True):
        found = []
        for c in (0, 1):
            edge, said = boundary(mask == c), boundary(guess == c)
            p, r = share(said, edge, tolerance), share(edge, said, tolerance)
            found.append(2 * p * r / (p + r) if p + r else 0.0)
        scores.append(np.mean(found))
    return np.mean(scores)


def test_conformance():
    arguments = {"num_classes": 2, "tolerance": 1}
    check_metric(BoundaryF1, arguments, MASKS, SHARES)


@pytest.mark.parametrize("tolerance", [0, 1, 2])
def test_equals_the_definition(tolerance):
    metric = BoundaryF1(2, tolerance)
    metric.update_state(MASKS, SHARES)
    assert float(metric.result()) == pytest.approx(
        naive(MASKS, SHARES, tolerance), rel=1e-5
    )


def test_a_shift_is_forgiven_up_to_the_tolerance():
    masks = np.zeros((1, 12, 12), int)
    masks[:, 3:7, 3:7] = 1
    scores = []
    for tolerance in (0, 1, 2):
        metric = BoundaryF1(2, tolerance, classes=[1])
        metric.update_state(masks, np.eye(2)[np.roll(masks, 2, axis=1)])
        scores.append(float(metric.result()))
    assert scores[0] < scores[1] < scores[2] == 1


def test_pictures_of_one_class_have_no_boundary_and_do_not_count():
    metric = BoundaryF1(2)
    metric.update_state(
        np.zeros((3, 4, 4)), np.eye(2)[np.zeros((3, 4, 4), int)]
    )
    assert float(metric.count.value) == 0 == float(metric.result())


def test_rejects_a_negative_tolerance():
    with pytest.raises(ValueError, match="`tolerance` not negative"):
        BoundaryF1(2, tolerance=-1)

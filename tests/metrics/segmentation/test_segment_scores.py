import numpy as np
import pytest
from sklearn.metrics import normalized_mutual_info_score

from keras_nn.metrics import segment_scores

# Three cells: left, upper right, lower right.
MASK = np.ones((9, 11), "int64")
MASK[:, 4] = 0
MASK[5, 4:] = 0
CELLS = np.zeros_like(MASK)
CELLS[:, :4], CELLS[:5, 5:], CELLS[6:, 5:] = 1, 2, 3


def naive(answer):
    """V_rand, its halves and V_info where the truth is no border."""
    truth, answer = CELLS[CELLS > 0], answer[CELLS > 0]
    squares = {"both": 0.0, "t": 0.0, "s": 0.0}
    for i in set(answer):
        squares["s"] += np.mean(answer == i) ** 2
        for j in set(truth):
            squares["both"] += np.mean((answer == i) & (truth == j)) ** 2
    for j in set(truth):
        squares["t"] += np.mean(truth == j) ** 2
    both, t, s = squares["both"], squares["t"], squares["s"]
    shared = normalized_mutual_info_score(truth, answer)
    return both / (t / 2 + s / 2), both / s, both / t, shared


def check(found, expected):
    names = ("rand", "rand_split", "rand_merge", "information")
    np.testing.assert_allclose([found[n] for n in names], expected, atol=1e-6)


def test_equals_counting_of_a_joined_pair():
    inside = MASK.astype(float)
    inside[5, 7] = 1.0  # a gap joins the two right cells
    answer = np.where(CELLS == 3, 2, CELLS)
    check(segment_scores(MASK[None], inside[None]), naive(answer))


def test_equals_counting_of_a_cut_cell():
    inside = MASK.astype(float)
    inside[3, :4] = 0.0
    inside[4, :4] = 0.0  # two rows of border: one goes to either part
    answer = CELLS.copy()
    answer[4:, :4] = 4
    check(segment_scores(MASK[None], inside[None]), naive(answer))
    alone = answer.copy()
    alone[4, :4] = [9, 10, 11, 12]
    alone[3, :4] = [5, 6, 7, 8]
    check(segment_scores(MASK[None], inside[None], thinned=False), naive(alone))


def test_wider_borders_cost_pixels_only():
    inside = MASK.astype(float)
    inside[:, 3] = inside[:, 5] = 0.0
    found = segment_scores(MASK[None], inside[None])
    assert found["rand"] == found["information"] == 1.0
    right = inside.sum()
    assert found["pixel_f1"] == pytest.approx(2 * right / (right + MASK.sum()))


def test_takes_the_best_threshold_of_the_mean_over_pictures():
    gap = MASK.astype(float)
    gap[5, 7] = 0.55  # joined below, apart above
    both = np.stack([MASK, MASK]), np.stack([MASK.astype(float), gap])
    assert segment_scores(*both)["rand"] == 1.0
    low = segment_scores(*both, thresholds=[0.5])["rand"]
    joined = naive(np.where(CELLS == 3, 2, CELLS))[0]
    assert low == pytest.approx((1 + joined) / 2)


def test_an_answer_of_borders_only_joins_all():
    found = segment_scores(MASK[None], np.zeros((1, 9, 11)), thinned=True)
    assert found["rand_split"] == 1.0  # every pixel by itself
    assert found["rand"] < 0.1 and found["pixel_f1"] == 0.0


def test_refuses_other_shapes_and_empty_masks():
    with pytest.raises(ValueError, match="one shape.*Received: shapes"):
        segment_scores(MASK[None], np.zeros((1, 9, 12)))
    with pytest.raises(ValueError, match="Received: the mask 1 is 0"):
        segment_scores(np.stack([MASK, 0 * MASK]), np.zeros((2, 9, 11)))

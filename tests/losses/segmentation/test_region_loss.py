import numpy as np
import pytest

from keras_nn.losses import DiceLoss
from keras_nn.losses import JaccardLoss
from keras_nn.losses.segmentation.region_loss import RegionLoss

RNG = np.random.default_rng(0)
MASKS = RNG.integers(0, 3, (4, 5, 6))
SHARES = RNG.dirichlet(np.ones(3), MASKS.shape).astype("float32")


def test_the_forms_of_truth_and_prediction_agree():
    expected = DiceLoss()(MASKS, SHARES)
    for masks in (MASKS[..., None], np.eye(3)[MASKS], MASKS.astype("uint8")):
        np.testing.assert_allclose(DiceLoss()(masks, SHARES), expected)
    logits = np.log(SHARES)
    np.testing.assert_allclose(
        DiceLoss(from_logits=True)(MASKS, logits), expected, rtol=1e-6
    )
    binary, share = MASKS % 2, SHARES[..., :1]
    np.testing.assert_allclose(
        DiceLoss(from_logits=True)(binary, np.log(share / (1 - share))),
        DiceLoss()(binary, share),
        rtol=1e-5,
    )


def test_ignored_places_could_hold_anything():
    masks = MASKS.copy()
    masks[:, :2] = 255
    loss = JaccardLoss(ignore_class=255, reduction="none")
    found = loss(masks, SHARES)
    np.testing.assert_allclose(
        found, JaccardLoss(reduction="none")(MASKS[:, 2:], SHARES[:, 2:])
    )
    other = SHARES.copy()
    other[:, :2] = other[:, :2, :, ::-1]
    np.testing.assert_allclose(loss(masks, other), found)
    nothing = np.full_like(masks, 255)
    np.testing.assert_allclose(loss(nothing, SHARES), np.zeros(4))


def test_a_weight_of_zero_leaves_a_class_out():
    masks, shares = MASKS.clip(0, 1), SHARES[..., :2]
    np.testing.assert_allclose(
        DiceLoss(class_weights=[0, 2])(masks, shares),
        DiceLoss()(masks, shares[..., 1:]),
        rtol=1e-6,
    )


def test_a_class_that_is_neither_there_nor_predicted_costs_nothing():
    masks = np.zeros((1, 3, 3), int)
    assert float(DiceLoss()(masks, np.eye(4)[masks])) == 0


def test_refuses_what_cannot_be():
    with pytest.raises(ValueError, match="`smooth` must be positive"):
        DiceLoss(smooth=0)
    with pytest.raises(ValueError, match="`class_weights` must not be"):
        DiceLoss(class_weights=[0, 0])
    with pytest.raises(ValueError, match="must weigh every class.*3.*2 w"):
        DiceLoss(class_weights=[1, 1])(MASKS, SHARES)
    with pytest.raises(ValueError, match="`y_true` must hold a class index"):
        DiceLoss()(MASKS[..., :2], SHARES)
    with pytest.raises(NotImplementedError, match="region_loss"):
        RegionLoss()(MASKS, SHARES)

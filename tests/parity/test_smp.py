"""Decoders, losses, scores against those of smp (record_smp.py)."""

from pathlib import Path

import keras
import numpy as np
import pytest

from keras_nn import losses
from keras_nn import metrics
from keras_nn import models
from keras_nn.metrics.segmentation.region_score import REDUCTIONS

GOLDEN = np.load(Path(__file__).parent / "smp.npz")


class MeansOverSquares:
    """A backbone whose maps are means over squares of the picture."""

    strides = [1, 2, 4]
    # As a vision transformer: four times the same tokens.
    input_shape = (None, 32, 64, 4)
    patch_size, num_layers, class_token, num_registers = 8, 4, True, 0

    def features_only(self, strides):
        pictures = keras.Input((32, 64, 4))
        return keras.Model(pictures, [means(pictures, s) for s in strides])

    def features(self, names):
        pictures = keras.Input((32, 64, 4))
        patches = keras.layers.Reshape((-1, 4))(means(pictures, 8))
        mean = keras.ops.mean(patches, axis=1, keepdims=True)
        tokens = keras.ops.concatenate([mean, patches], axis=1)
        return keras.Model(pictures, [tokens] * len(names))


def means(pictures, stride):
    return keras.layers.AveragePooling2D(stride, data_format="channels_last")(
        pictures
    )


DECODERS = {
    "deeplabv3": (models.DeepLabV3, {"rates": [1, 2, 3], "filters": 3}),
    "linknet": (models.LinkNet, {"strides": [2, 4], "filters": 3}),
    "pan": (models.PAN, {"strides": [1, 2, 4], "filters": 3}),
    "manet": (
        models.MANet,
        {"strides": [2, 4], "filters": [3, 5], "units": 2, "reduction": 2},
    ),
    "upernet": (models.UPerNet, {"strides": [1, 2, 4], "filters": 3}),
    "dpt": (models.DPT, {"token_filters": [2, 3, 4, 4], "filters": 3}),
}


@pytest.mark.parametrize("name", DECODERS)
def test_features_are_theirs(name):
    cls, arguments = DECODERS[name]
    model = cls(MeansOverSquares(), include_top=False, **arguments)
    assign(model, name)
    output = model.predict(GOLDEN["picture"], verbose=0)
    expected = GOLDEN[f"{name}/output"]
    assert output.shape == expected.shape
    np.testing.assert_allclose(output, expected, rtol=1e-5, atol=1e-5)


def test_maps_are_those_of_the_equations_of_vitdet():
    model = models.SimplePyramid(MeansOverSquares(), filters=3)
    assign(model, "simple_pyramid")
    maps = model.predict(GOLDEN["picture"], verbose=0)
    assert [x.shape[1:3] for x in maps] == [(32, 64), (16, 32), (8, 16), (4, 8)]
    output = np.concatenate([x.reshape(1, -1, 1, 3) for x in maps], axis=1)
    expected = GOLDEN["simple_pyramid/output"]
    np.testing.assert_allclose(output, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize(
    "name, cls",
    [("iou_score", metrics.SegmentationIoU), ("f1_score", metrics.DiceScore)],
)
def test_scores_are_theirs_by_every_reduction(name, cls, reduction):
    metric = cls(4, ignore_class=255, reduction=reduction, zero_division=1.0)
    masks, logits = GOLDEN["scores/masks"], GOLDEN["scores/logits"]
    for part in (slice(0, 1), slice(1, 3)):
        metric.update_state(masks[part], logits[part])
    expected = float(GOLDEN[f"scores/{name}/{reduction}"])
    assert float(metric.result()) == pytest.approx(expected, abs=1e-6)


def test_losses_are_theirs():
    masks, logits = GOLDEN["scores/masks"], GOLDEN["scores/logits"]
    counts = (masks != 255).sum((1, 2))
    options = {"dice_weight": 0, "from_logits": True, "ignore_class": 255}
    loss = losses.crossentropy_dice(
        masks, logits, label_smoothing=0.1, **options
    )
    expected = float(GOLDEN["scores/soft_ce"])
    assert float(np.sum(loss * counts)) == pytest.approx(expected, rel=1e-5)
    masks, logits = np.where(masks == 255, 255, masks % 2), logits[..., :1]
    # Theirs is what goes to the other class, of two.
    loss = losses.crossentropy_dice(
        masks, logits, label_smoothing=0.2, **options
    )
    expected = float(GOLDEN["scores/soft_bce"])
    assert float(np.sum(loss * counts)) == pytest.approx(expected, rel=1e-5)
    loss = losses.matthews_loss(masks % 2, logits, from_logits=True)
    np.testing.assert_allclose(loss, GOLDEN["scores/mcc"], rtol=1e-5)


def assign(model, name):
    prefix = f"{name}/weights/"
    values = {
        key.removeprefix(prefix): GOLDEN[key]
        for key in GOLDEN.files
        if key.startswith(prefix)
    }
    for weight in model.weights:
        # "map/conv/kernel" and "map/norm/gamma" are one layer's.
        parts = weight.path.split("/")
        parts = [p for p in parts if p not in ("conv", "norm")]
        weight.assign(values.pop("/".join(parts)))
    assert not values

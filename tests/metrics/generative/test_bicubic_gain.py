import numpy as np
import pytest

from keras_nn.metrics import BicubicGain
from keras_nn.testing import check_metric

RNG = np.random.default_rng(0)
TRUE = RNG.uniform(0, 255, (3, 24, 24, 3)).astype("float32")
SAID = (TRUE + RNG.normal(0, 20, TRUE.shape)).astype("float32")


def bright(x, border):
    x = np.clip(x, 0, 255) @ np.array([65.481, 128.553, 24.966]) / 255 + 16
    return x[:, border:-border, border:-border]


def psnr(a, b):
    return 10 * np.log10(255**2 / ((a - b) ** 2).mean(axis=(1, 2)))


def test_conformance():
    check_metric(BicubicGain, {"scale": 2}, TRUE, SAID)


def test_refuses_no_scale():
    with pytest.raises(ValueError, match="Received: scale=1"):
        BicubicGain(1)


def test_the_gain_is_over_pillows_bicubic():
    from PIL import Image

    whole = TRUE.round()
    theirs = []
    for picture in whole.astype("uint8"):
        image = Image.fromarray(picture)
        small = image.resize((12, 12), Image.Resampling.BICUBIC)
        large = small.resize((24, 24), Image.Resampling.BICUBIC)
        theirs.append(np.asarray(large, "float64"))
    metric = BicubicGain(2)
    metric.update_state(whole, SAID)
    expected = psnr(bright(whole, 2), bright(SAID, 2)) - psnr(
        bright(whole, 2), bright(np.stack(theirs), 2)
    )
    # Pillow rounds the enlarged picture, too.
    assert float(metric.result()) == pytest.approx(expected.mean(), abs=0.02)

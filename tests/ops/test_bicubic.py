import numpy as np
import pytest
from keras import ops
from PIL import Image

from keras_nn.ops import bicubic_downscale
from keras_nn.ops import bicubic_upscale

RNG = np.random.default_rng(0)


def by_pillow(picture, height, width):
    """Pillow in 32-bit floats, channel by channel: nothing is rounded."""
    channels = [
        Image.fromarray(picture[..., c]).resize(
            (width, height), Image.Resampling.BICUBIC
        )
        for c in range(picture.shape[-1])
    ]
    return np.stack([np.asarray(c) for c in channels], axis=-1)


@pytest.mark.parametrize("factor", [1, 2, 3, 4])
def test_both_equal_pillow_at_the_margins_too(factor):
    small = RNG.uniform(0, 255, (2, 7, 5, 3)).astype("float32")
    large = RNG.uniform(0, 255, (2, 7 * factor, 5 * factor, 3))
    large = large.astype("float32")
    for i in range(2):
        np.testing.assert_allclose(
            ops.convert_to_numpy(bicubic_upscale(small, factor))[i],
            by_pillow(small[i], 7 * factor, 5 * factor),
            atol=1e-3,
        )
        np.testing.assert_allclose(
            ops.convert_to_numpy(bicubic_downscale(large, factor))[i],
            by_pillow(large[i], 7, 5),
            atol=1e-3,
        )


def test_a_ramp_stays_a_ramp_inside():
    ramp = np.arange(12.0, dtype="float32").reshape(1, 1, 12, 1)
    ramp = np.repeat(ramp, 12, axis=1)
    larger = ops.convert_to_numpy(bicubic_upscale(ramp, 2))[0, 12, 6:-6, 0]
    np.testing.assert_allclose(np.diff(larger), 0.5, atol=1e-5)

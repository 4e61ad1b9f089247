import numpy as np
import pytest
from keras import ops

from keras_nn.ops import deformable_conv2d

RNG = np.random.default_rng(0)


def naive(x, kernel, offsets, masks, strides, dilation, first):
    """One picture, place by place and tap by tap."""
    rows, columns, channels, filters = kernel.shape
    height, width = offsets.shape[:2]
    groups = offsets.shape[2] // (2 * rows * columns)
    found = np.zeros((height, width, filters))

    def pixel(i, j, c):
        inside = 0 <= i < x.shape[0] and 0 <= j < x.shape[1]
        return x[i, j, c] if inside else 0.0

    for p, q in np.ndindex(height, width):
        moves = offsets[p, q].reshape(groups, rows, columns, 2)
        share = masks[p, q].reshape(groups, rows, columns)
        for i, j, c in np.ndindex(rows, columns, channels):
            group = c * groups // channels
            y = p * strides[0] + first[0] + i * dilation[0]
            z = q * strides[1] + first[1] + j * dilation[1]
            y, z = (y, z) + moves[group, i, j]
            a, b = int(np.floor(y)), int(np.floor(z))
            value = sum(
                pixel(a + da, b + db, c)
                * (1 - abs(y - a - da))
                * (1 - abs(z - b - db))
                for da in (0, 1)
                for db in (0, 1)
            )
            found[p, q] += share[group, i, j] * value * kernel[i, j, c]
    return found


@pytest.mark.parametrize(
    ("strides", "dilation", "padding", "groups", "out", "first"),
    [
        ((1, 1), (1, 1), "same", 1, (5, 6), (-1, 0)),
        ((2, 1), (1, 2), "same", 2, (3, 6), (-1, -1)),
        ((1, 2), (2, 1), "valid", 2, (1, 3), (0, 0)),
    ],
)
def test_equals_loops_over_places_and_taps(
    strides, dilation, padding, groups, out, first
):
    x = RNG.normal(size=(2, 5, 6, 4)).astype("float32")
    kernel = RNG.normal(size=(3, 2, 4, 3)).astype("float32")
    offsets = RNG.normal(size=(2, *out, groups * 12)).astype("float32") * 2
    masks = RNG.uniform(size=(2, *out, groups * 6)).astype("float32")
    found = deformable_conv2d(
        x, kernel, offsets, masks, strides, padding, dilation
    )
    expected = [
        naive(*one, strides, dilation, first)
        for one in zip(x, [kernel] * 2, offsets, masks, strict=True)
    ]
    np.testing.assert_allclose(
        ops.convert_to_numpy(found), expected, rtol=1e-4, atol=1e-4
    )


def test_offsets_of_another_number_are_refused():
    x, kernel = np.ones((1, 4, 4, 3)), np.ones((3, 3, 3, 1))
    with pytest.raises(ValueError, match="17 numbers, 9 taps, 3 channels"):
        deformable_conv2d(x, kernel, np.zeros((1, 4, 4, 17)))
    with pytest.raises(ValueError, match="36 numbers, 9 taps, 3 channels"):
        deformable_conv2d(x, kernel, np.zeros((1, 4, 4, 36)))

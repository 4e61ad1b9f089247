import numpy as np
from keras import ops

from keras_nn.ops import bump_radius
from keras_nn.ops import centre_heatmap


def test_the_radius_is_the_farthest_that_keeps_the_overlap():
    rng = np.random.default_rng(0)
    for w, h in rng.uniform(1, 50, (20, 2)):
        r = float(bump_radius(np.array([w, h]), 0.6))
        shifted = (w - r) * (h - r)
        overlaps = [
            shifted / (2 * w * h - shifted),
            (w - 2 * r) * (h - 2 * r) / (w * h),
            w * h / ((w + 2 * r) * (h + 2 * r)),
        ]
        np.testing.assert_allclose(min(overlaps), 0.6, rtol=1e-3)


def naive(rows, height, width, classes):
    heat = np.zeros((height, width, classes))
    for x0, y0, x1, y1, label in rows:
        if label < 0:
            continue
        radius = int(bump_radius(np.array([x1 - x0, y1 - y0])))
        i, j = int((y0 + y1) / 2), int((x0 + x1) / 2)
        spread = (2 * radius + 1) / 6
        for y in range(max(0, i - radius), min(height, i + radius + 1)):
            for x in range(max(0, j - radius), min(width, j + radius + 1)):
                bump = np.exp(-((x - j) ** 2 + (y - i) ** 2) / 2 / spread**2)
                heat[y, x, int(label)] = max(heat[y, x, int(label)], bump)
    return heat


def test_equals_loops_over_objects_and_cells():
    rng = np.random.default_rng(1)
    rows = np.zeros((2, 4, 5), "float32")
    rows[..., :2] = rng.uniform(0, 8, (2, 4, 2))
    rows[..., 2:4] = rows[..., :2] + rng.uniform(1, 30, (2, 4, 2))
    rows[..., 4] = [[0, 1, 1, -1], [-1, -1, -1, -1]]
    rows[..., 2:4] = np.minimum(rows[..., 2:4], [20, 14])
    heat, cells = centre_heatmap(
        rows[..., :4],
        rows[..., 4].astype("int32").clip(0),
        rows[..., 4] >= 0,
        (14, 20),
        2,
    )
    expected = [naive(some, 14, 20, 2) for some in rows]
    np.testing.assert_allclose(ops.convert_to_numpy(heat), expected, atol=1e-5)
    flat = ops.convert_to_numpy(heat)[0].reshape(-1, 2)
    for cell, label in zip(
        ops.convert_to_numpy(cells)[0, :3], (0, 1, 1), strict=True
    ):
        assert flat[cell, label] == 1

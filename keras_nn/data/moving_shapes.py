"""Clips of a moving shape, drawn with a seed: no file."""

import numpy as np

from keras_nn.data.split import Split
from keras_nn.data.splits import Splits

# Each even class is its neighbour played backwards.
CLASS_NAMES = (
    "right",
    "left",
    "down",
    "up",
    "clockwise",
    "anticlockwise",
    "growing",
    "shrinking",
)
TRAIN, TEST = 1600, 240
LEAST, MOST = 0.14, 0.34  # half of a shape's length, in sides of a picture


def draw_moving_shapes(count, frames=8, image_size=24, seed=0):
    """Draws clips of one shape that moves, turns, grows or shrinks.

    The class is the motion alone. Place, angle and size go round in circles
    from a random start, so that each frame by itself is distributed alike in
    all classes: no single frame tells anything, and all frames without their
    order do not tell a motion from its reverse.

    Args:
        count: int. Number of clips; classes take turns.
        frames: int. Frames a clip, at least 2.
        image_size: int. Height and width, in pixels; at least 12.
        seed: int. The same seed draws the same clips.

    Returns:
        A dict: `"clips"`, uint8 `(count, frames, image_size, image_size, 1)`,
        and `"labels"`, int64 `(count,)`, indices into `CLASS_NAMES`.

    Raises:
        ValueError: If there is nothing to draw, or the pictures are too small.

    Example:

    >>> drawn = draw_moving_shapes(8, frames=4)
    >>> drawn["clips"].shape, drawn["labels"].tolist()
    ((8, 4, 24, 24, 1), [0, 1, 2, 3, 4, 5, 6, 7])
    """
    if count < 1 or frames < 2 or image_size < 12:
        raise ValueError(
            "`count` must be positive, `frames` at least 2, `image_size` at "
            f"least 12. Received: {count=}, {frames=}, {image_size=}"
        )
    random = np.random.default_rng(seed)
    labels = np.arange(count) % len(CLASS_NAMES)
    clips = np.stack(
        [_clip(CLASS_NAMES[k], frames, image_size, random) for k in labels]
    )
    return {"clips": clips, "labels": labels.astype("int64")}


def moving_shapes():
    """1,840 clips of 8 frames of 24x24, of 8 motions; the last 240 the test."""
    drawn = draw_moving_shapes(TRAIN + TEST)
    whole = Split(drawn["clips"], drawn["labels"])
    order = np.arange(TRAIN + TEST)
    return Splits(
        whole[order[:TRAIN]],
        None,
        whole[order[TRAIN:]],
        class_names=CLASS_NAMES,
        name="moving-shapes",
        source="keras_nn.data.draw_moving_shapes",
        licence="CC0",
        description="Clips of a shape over noise, uint8 of shape (8, 24, 24, "
        "1); the class is its motion, which no single frame shows. Drawn with "
        "a seed; the last 240 are the test set.",
    )


def _clip(motion, frames, size, random):
    x, y, turn, growth = random.uniform(0, 1, 4)  # phases of a circle
    pace = random.uniform(0.07, 0.12)
    step = pace * np.arange(frames)
    ones = np.ones(frames)
    path = {"x": x * ones, "y": y * ones, "turn": turn * ones}
    path["growth"] = growth * ones
    name, sign = {
        "right": ("x", 1),
        "left": ("x", -1),
        "down": ("y", 1),
        "up": ("y", -1),
        "clockwise": ("turn", 1),
        "anticlockwise": ("turn", -1),
        "growing": ("growth", 1),
        "shrinking": ("growth", -1),
    }[motion]
    path[name] = (path[name] + sign * step) % 1
    ground = random.uniform(60, 195)
    shade = random.choice([-1, 1]) * random.uniform(45, 60)
    found = [
        ground + shade * _arrow(size, *values)
        for values in zip(*path.values(), strict=True)
    ]
    clip = np.stack(found) + random.normal(0, 8, (frames, size, size))
    return clip.round().clip(0, 255).astype("uint8")[..., None]


def _arrow(size, x, y, turn, growth):
    """Coverage of an arrow at `(x, y)`, which wraps around: `(size, size)`."""
    half = (LEAST + (MOST - LEAST) * growth) * size
    grid = np.arange(size) + 0.5
    # The nearest copy of the shape, on a torus.
    dx = (grid[None, :] - x * size + size / 2) % size - size / 2
    dy = (grid[:, None] - y * size + size / 2) % size - size / 2
    angle = 2 * np.pi * turn
    along = dx * np.cos(angle) + dy * np.sin(angle)
    across = np.abs(dy * np.cos(angle) - dx * np.sin(angle))
    head = np.minimum(along, (half - along) - across)
    shaft = np.minimum(half + along, 0.35 * half - across)
    shaft = np.minimum(shaft, 0.5 - along)
    return np.clip(np.maximum(head, shaft) + 0.5, 0, 1)

"""Random moves and colours of pictures, each drawn or left out by chance.

A matrix of 3x3 maps a place of the output to one of the input, in units of
half a height, the middle of the picture at 0; one of 4x4 maps the colours
`(red, green, blue, 1)` of a pixel, from -1 to 1. Both are drawn for each
picture, and are the unit matrix where nothing is done.
"""

import math

import keras
from keras import ops

_FLIPS, _TURNS = 2, 4


def drawn_places(count, height, width, p, groups, seed):
    """Matrices `(count, 3, 3)` of flips, quarter turns, shifts, and the rest.

    Args:
        count: int tensor. How many.
        height: int. In pixels.
        width: int. In pixels; a picture that is not square is not turned by
            quarters.
        p: float tensor. Probability of each.
        groups: collection of str, of `"blit"` (flips, quarter turns, shifts by
            whole pixels) and `"geometry"` (sizes, stretches, rotations,
            shifts).
        seed: `keras.random.SeedGenerator`.
    """

    def uniform(low=0.0, high=1.0):
        return keras.random.uniform((count,), low, high, seed=seed)

    def normal(deviation):
        return keras.random.normal((count,), stddev=deviation, seed=seed)

    def by_chance(values, otherwise, chance=p):
        return ops.where(uniform() < chance, values, otherwise)

    places = ops.tile(ops.eye(3)[None], (count, 1, 1))
    if "blit" in groups:
        flip = ops.floor(uniform(0, _FLIPS))
        places = _joined(
            places, _scale(1 - 2 * by_chance(flip, 0.0), ops.ones((count,)))
        )
        if height == width:
            turn = by_chance(ops.floor(uniform(0, _TURNS)), 0.0)
            places = _joined(places, _rotation(-math.pi / 2 * turn, exact=True))
        shifts = []
        for side in (width, height):
            pixels = ops.round(uniform(-0.125, 0.125) * side)
            shifts.append(pixels * (2 / height))
        chosen = uniform() < p
        right, down = (ops.where(chosen, shift, 0.0) for shift in shifts)
        places = _joined(places, _shift(right, down))
    if "geometry" in groups:
        chance = 1 - ops.sqrt(1 - p)  # of both rotations together, p
        size = by_chance(2 ** normal(0.2), 1.0)
        places = _joined(places, _scale(1 / size, 1 / size))
        before = by_chance(uniform(-math.pi, math.pi), 0.0, chance)
        places = _joined(places, _rotation(before))
        stretch = by_chance(2 ** normal(0.2), 1.0)
        places = _joined(places, _scale(1 / stretch, stretch))
        after = by_chance(uniform(-math.pi, math.pi), 0.0, chance)
        places = _joined(places, _rotation(after))
        right, down = normal(0.125), normal(0.125)
        chosen = uniform() < p
        right = ops.where(chosen, right * (2 * width / height), 0.0)
        down = ops.where(chosen, down * 2, 0.0)
        places = _joined(places, _shift(right, down))
    return places


def drawn_colours(count, channels, p, seed):
    """Matrices `(count, 4, 4)` of brightness, contrast, hue, saturation.

    Brightness and contrast, then a mirroring at the axis of greys, a rotation
    about it, and a distance from it; the last two for three channels only.

    Args:
        count: int tensor.
        channels: int. 1 or 3.
        p: float tensor.
        seed: `keras.random.SeedGenerator`.
    """

    def uniform(low=0.0, high=1.0):
        return keras.random.uniform((count,), low, high, seed=seed)

    def normal(deviation):
        return keras.random.normal((count,), stddev=deviation, seed=seed)

    def by_chance(values, otherwise):
        return ops.where(uniform() < p, values, otherwise)

    colours = ops.tile(ops.eye(4)[None], (count, 1, 1))
    brightness = by_chance(normal(0.2), 0.0)
    one, none = ops.ones((count,)), ops.zeros((count,))
    shift = [
        [one if i == j else brightness if j == 3 else none for j in range(4)]
        for i in range(3)
    ]
    shift.append([none, none, none, one])
    colours = ops.matmul(_matrix(shift), colours)
    contrast = by_chance(2 ** normal(0.5), 1.0)
    colours = ops.matmul(_along_greys(contrast, contrast), colours)
    mirrored = by_chance(ops.floor(uniform(0, _FLIPS)), 0.0)
    colours = ops.matmul(_along_greys(1 - 2 * mirrored, one), colours)
    if channels == 3:
        hue = by_chance(uniform(-math.pi, math.pi), 0.0)
        colours = ops.matmul(_about_greys(hue), colours)
        saturation = by_chance(2 ** normal(1.0), 1.0)
        colours = ops.matmul(_along_greys(one, saturation), colours)
    return colours


def _joined(first, then):
    return ops.matmul(first, then)


def _matrix(rows):
    return ops.stack([ops.stack(row, axis=-1) for row in rows], axis=-2)


def _scale(x, y):
    one, none = ops.ones_like(x), ops.zeros_like(x)
    return _matrix([[x, none, none], [none, y, none], [none, none, one]])


def _shift(right, down):
    one, none = ops.ones_like(right), ops.zeros_like(right)
    return _matrix([[one, none, -right], [none, one, -down], [none, none, one]])


def _rotation(angle, exact=False):
    cos, sin = ops.cos(angle), ops.sin(angle)
    if exact:  # quarter turns keep every pixel as it is
        cos, sin = ops.round(cos), ops.round(sin)
    one, none = ops.ones_like(cos), ops.zeros_like(cos)
    return _matrix([[cos, sin, none], [-sin, cos, none], [none, none, one]])


def _along_greys(along, across):
    """Scales the part of a colour along the axis of greys, and the rest."""
    third = ops.convert_to_tensor(_GREYS, "float32")[None]
    rest = ops.convert_to_tensor(_REST, "float32")[None]
    last = ops.convert_to_tensor(_LAST, "float32")[None]
    along, across = along[:, None, None], across[:, None, None]
    return along * third + across * rest + last


def _about_greys(angle):
    """Rotates colours about the axis of greys (Rodrigues)."""
    third = ops.convert_to_tensor(_GREYS, "float32")[None]
    rest = ops.convert_to_tensor(_REST, "float32")[None]
    last = ops.convert_to_tensor(_LAST, "float32")[None]
    cross = ops.convert_to_tensor(_CROSS, "float32")[None]
    cos, sin = ops.cos(angle)[:, None, None], ops.sin(angle)[:, None, None]
    return third + cos * rest + sin * cross + last


_THREE = (0, 1, 2, 3)
_GREYS = [[1 / 3 if i < 3 and j < 3 else 0.0 for j in _THREE] for i in _THREE]
_REST = [
    [float(i == j) - _GREYS[i][j] if i < 3 and j < 3 else 0.0 for j in _THREE]
    for i in _THREE
]
_LAST = [[float(i == j == 3) for j in _THREE] for i in _THREE]
_THIRD = 1 / math.sqrt(3)
_CROSS = [
    [0.0, -_THIRD, _THIRD, 0.0],
    [_THIRD, 0.0, -_THIRD, 0.0],
    [-_THIRD, _THIRD, 0.0, 0.0],
    [0.0, 0.0, 0.0, 0.0],
]

"""Where timm counts the layers of a network by number, or by their kind."""

import re

import keras
import numpy as np

from keras_nn import models
from keras_nn.models.cnn import mobilenet_v2
from keras_nn.models.cnn import mobilenet_v3

# Names of a block's convolutions and normalisations, in their order, by
# whether it expands and whether its middle convolution is depthwise.
_BLOCKS = {
    (True, True): {
        "expand": ("conv_pw", "bn1"),
        "depthwise": ("conv_dw", "bn2"),
        "project": ("conv_pwl", "bn3"),
    },
    (False, True): {
        "depthwise": ("conv_dw", "bn1"),
        "project": ("conv_pw", "bn2"),
    },
    (True, False): {
        "expand": ("conv_exp", "bn1"),
        "project": ("conv_pwl", "bn2"),
    },
    (False, False): {"project": ("conv", "bn1")},
}


def numbered(model, names):
    """Names of a model's tensors, with timm's names of what it counts.

    Args:
        model: one of our picture models.
        names: list of str, as of `own_names`.

    Returns:
        A list of str; as they are for a model in which nothing is counted.

    Example:

    >>> model = models.VGG(
    ...     False, input_shape=(8, 8, 3), num_convs=[1, 1], num_filters=[2, 2]
    ... )
    >>> names = ["block1_conv1/conv/kernel", "block2_conv1/conv/kernel"]
    >>> numbered(model, names)
    ['features/0/kernel', 'features/3/kernel']
    """
    if isinstance(model, models.VGG):
        return _in_sequence(model, names)
    if isinstance(model, models.EfficientNet):
        places = _lettered(names)
    elif isinstance(model, models.MobileNetV2):
        counts = [count for _, _, count, _ in mobilenet_v2.STAGES]
        places = _staged(counts)
    elif isinstance(model, models.MobileNetV3):
        table, _ = mobilenet_v3.SIZES[model.size]
        filters = [row[2] for row in table]
        # A stage is what has as many filters.
        counts = [filters.count(width) for width in dict.fromkeys(filters)]
        places = _staged(counts)
    else:
        return names
    last = 1 + max(stage for stage, _ in places.values())
    top = "conv_head", "bn2"
    if isinstance(model, models.MobileNetV3):
        top = f"blocks/{last}/0/conv", f"blocks/{last}/0/bn1"
    kinds = {}
    for name in names:
        block, kind, _ = _parts(name)
        kinds.setdefault(block, set()).add(kind)
    return [_of_block(name, places, kinds, top) for name in names]


class FlatKernel:
    """A dense layer on a flat map, which timm holds as a convolution.

    Args:
        variable: `keras.Variable`, a kernel `(height * width * channels,
            units)`.
        sides: tuple `(height, width)` of the map.

    Example:

    >>> kernel = keras.Variable(np.arange(12.0).reshape(6, 2))
    >>> place = FlatKernel(kernel, (1, 3))
    >>> place.shape
    (2, 2, 1, 3)
    >>> (_, value), = place.split(place.pack())
    >>> value[:, 1].tolist()
    [1.0, 3.0, 5.0, 7.0, 9.0, 11.0]
    """

    def __init__(self, variable, sides):
        self.variables = [variable]
        self.sides = tuple(sides)

    @property
    def shape(self):
        """Of the tensor of theirs: tuple of int."""
        rows, units = self.variables[0].shape
        height, width = self.sides
        return (units, rows // (height * width), height, width)

    def pack(self):
        """The tensor of theirs: array."""
        value = keras.ops.convert_to_numpy(self.variables[0])
        units, channels, height, width = self.shape
        value = value.reshape(height, width, channels, units)
        return np.ascontiguousarray(value.transpose(3, 2, 0, 1))

    def split(self, tensor):
        """The variable and its value in a list, or None if it does not fit.

        Args:
            tensor: array, one of theirs.
        """
        if tensor.shape != self.shape:
            return None
        (variable,) = self.variables
        value = tensor.transpose(2, 3, 1, 0).reshape(variable.shape)
        return [(variable, value)]


def _parts(name):
    """Block, kind of layer and the rest of a name; None outside of blocks."""
    match = re.fullmatch(
        r"(block_?\w+?)_(expand|depthwise|se|project)/(.*)", name
    )
    return match.groups() if match else (None, None, name)


def _of_block(name, places, kinds, top):
    block, kind, rest = _parts(name)
    if block is None:
        name = re.sub("^top/conv/", f"{top[0]}/", name)
        return re.sub("^top/norm/", f"{top[1]}/", name)
    stage, index = places[block]
    prefix = f"blocks/{stage}/{index}/"
    if kind == "se":
        return f"{prefix}se/conv_{rest}"
    among = kinds[block]
    conv, norm = _BLOCKS["expand" in among, "depthwise" in among][kind]
    part, rest = rest.split("/")
    return f"{prefix}{conv if part == 'conv' else norm}/{rest}"


def _lettered(names):
    """Places of `block1a`, `block1b` ..., as EfficientNet's are called."""
    blocks = {block for name in names if (block := _parts(name)[0])}
    places = {}
    for block in blocks:
        number, letter = re.fullmatch(r"block(\d+)(.)", block).groups()
        places[block] = int(number) - 1, ord(letter) - ord("a")
    return places


def _staged(counts):
    """Places of `block_0`, `block_1` ..., so many to a stage."""
    places = [
        (stage, index)
        for stage, count in enumerate(counts)
        for index in range(count)
    ]
    return {f"block_{n}": place for n, place in enumerate(places)}


def _in_sequence(model, names):
    """VGG's convolutions among activations and poolings, one row of them."""
    step = 3 if model.batch_norm else 2  # with what follows each
    places, at = {}, 0
    for block, count in enumerate(model.num_convs, start=1):
        for index in range(1, count + 1):
            places[f"block{block}_conv{index}"] = at
            at += step
        at += 1  # the pooling
    found = []
    for name in names:
        layer, *rest = name.split("/")
        if layer in places:
            number = places[layer] + (rest[0] == "norm")
            name = f"features/{number}/{rest[-1]}"
        found.append(name)
    return found

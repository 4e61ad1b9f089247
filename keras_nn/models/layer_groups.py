"""Where a network's layers stand between its input and its output."""

import re

_BLOCK = re.compile(r".*?(?:block_?|layer_)\d+[a-z]?(?=_|$)")


def layer_groups(model):
    """The layers of a network in groups, from the input to the output.

    Where layer names tell of blocks, as in the networks of this suite and of
    `keras.applications` (`conv2_block1_1`, `block3a_expand_conv`), the first
    group is what stands before the first block, each block with what follows
    it is one, and the last group is what stands behind the last block.
    Elsewhere each layer with weights is a group of its own, with what follows
    it, and the last group is empty.

    Args:
        model: a functional or sequential `keras.Model`.

    Returns:
        A list of lists of layers, each layer in one of them.

    Raises:
        ValueError: if the model has no list of layers to go through.

    Example:

    >>> from keras_nn.models import ResNet
    >>> network = ResNet.from_preset("resnet20", input_shape=(32, 32, 3))
    >>> groups = layer_groups(network)
    >>> len(groups), [layer.name for layer in groups[-1]]
    (11, ['avg_pool', 'predictions'])
    """
    layers = list(getattr(model, "layers", ()))
    if not layers:
        raise ValueError(
            "`model` must be made of layers, of which the first is the "
            f"nearest to the input. Received: {model.name}"
        )
    blocks = [_BLOCK.match(layer.name) for layer in layers]
    if not any(blocks):
        return _by_weights(layers)
    last = max(i for i, block in enumerate(blocks) if block)
    groups, current = [[]], None
    for layer, block in zip(layers[: last + 1], blocks, strict=False):
        if block and block[0] != current:
            current = block[0]
            groups.append([])
        groups[-1].append(layer)
    return [*groups, layers[last + 1 :]]


def layer_decay_scales(model, decay, backbone=None):
    """The factors of layer-wise decay: the nearer the input, the smaller.

    `scale = decay ** (groups behind the layer)`

    with the groups of `layer_groups`; what stands behind the last block, and
    outside of the backbone, has the scale 1.

    Args:
        model: a built `keras.Model`.
        decay: float in (0, 1]. 0.65 to 0.75 is usual for the fine-tuning of
            vision transformers, 0.8 to 0.9 for convolutions.
        backbone: the part of `model` whose layers are in groups. Defaults to
            None: the model itself.

    Returns:
        A list of floats, one a trainable weight, in the order of
        `model.trainable_variables`, as `LayerwiseLearningRate` takes them.

    Raises:
        ValueError: if `decay` is out of its range.

    Example:

    >>> import keras
    >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2),
    ...                           keras.layers.Dense(1)])
    >>> layer_decay_scales(model, 0.5)
    [0.5, 0.5, 1.0, 1.0]

    Reference:
        [Clark et al., 2020](https://arxiv.org/abs/2003.10555), appendix A;
        [Bao et al., 2022](https://arxiv.org/abs/2106.08254)
    """
    if not 0 < decay <= 1:
        raise ValueError(f"`decay` must lie in (0, 1]. Received: {decay=}")
    groups = layer_groups(model if backbone is None else backbone)
    if backbone is None and not groups[-1]:
        groups.pop()  # the last layer is the classifier
    scales = {}
    for index, group in enumerate(reversed(groups)):
        for layer in group:
            for weight in layer.weights:
                scales[id(weight)] = decay**index
    return [scales.get(id(weight), 1.0) for weight in model.trainable_variables]


def _by_weights(layers):
    groups = [[]]
    for layer in layers:
        if layer.weights and any(one.weights for one in groups[-1]):
            groups.append([])
        groups[-1].append(layer)
    return [*groups, []]

"""Flows of the papers: functions from the shape of an example to layers."""

import functools

import keras

from keras_nn.layers.flow.act_norm import ActNorm
from keras_nn.layers.flow.autoregressive import Autoregressive
from keras_nn.layers.flow.continuous_flow import ContinuousFlow
from keras_nn.layers.flow.coupling import Coupling
from keras_nn.layers.flow.flow_chain import FlowChain
from keras_nn.layers.flow.inverted import Inverted
from keras_nn.layers.flow.invertible_linear import InvertibleLinear
from keras_nn.layers.flow.logit import Logit
from keras_nn.layers.flow.partial_flow import PartialFlow
from keras_nn.layers.flow.planar import Planar
from keras_nn.layers.flow.radial import Radial
from keras_nn.layers.flow.squeeze import Squeeze


def dense_network(units, activation="relu"):
    """Dense layers, one after the other: the network of a coupling."""
    layers = [
        keras.layers.Dense(width, activation=activation, name=f"dense_{index}")
        for index, width in enumerate(units)
    ]
    return keras.Sequential(layers, name="network")


def conv_network(filters, kernel_size=3):
    """Two convolutions of 3x3 with a 1x1 between them, as Glow has."""
    layers = [
        keras.layers.Conv2D(
            filters, size, padding="same", activation="relu", name=f"conv_{i}"
        )
        for i, size in enumerate((kernel_size, 1, kernel_size))
    ]
    return keras.Sequential(layers, name="network")


def coupled(
    shape,
    discrete=False,
    depth=6,
    units=(64, 64),
    filters=32,
    scales=None,
    transform="affine",
    linear=False,
    alpha=0.05,
):
    """Coupling layers, for rows or, at several scales, for pictures.

    Args:
        shape: tuple of ints. Shape of an example.
        discrete: bool. Whether values are levels of 0 to 1: a `Logit` is
            first.
        depth: int. Couplings at each scale. Defaults to 6.
        units: list of ints. Hidden widths of a network for rows.
        filters: int. Channels of a network for pictures. Defaults to 32.
        scales: int or None. How often pictures are halved; None: as long as
            sides are even, twice at most.
        transform: str or `ValueTransform` of the couplings.
        linear: bool. Whether channels are mixed (Glow), or the halves change
            in turns (RealNVP).
        alpha: float, of the `Logit`.
    """
    if depth < 1:
        raise ValueError(f"`depth` must be positive. Received: {depth=}")
    first = [Logit(alpha, name="logit")] if discrete else []
    if len(shape) == 1:
        if shape[0] < 2:
            raise ValueError(
                "Couplings need two values at least: take a preset of "
                f"autoregressive layers. Received: shape {shape}"
            )
        layers = _steps(
            depth, lambda: dense_network(units), transform, linear, "channels"
        )
        return FlowChain([*first, *layers], name="chain")
    height, width, _ = shape
    if scales is None:
        scales = sum(height % k == 0 and width % k == 0 for k in (2, 4))

    def network():
        return conv_network(filters)

    start = []
    if not linear:  # RealNVP looks at every other pixel first
        start = _steps(min(depth, 4), network, transform, False, "checkerboard")
    inner = []
    for _ in range(scales):
        steps = _steps(depth, network, transform, linear, "channels")
        if inner:
            steps.append(PartialFlow(inner, name="coarser"))
        inner = [Squeeze(name="squeeze"), *steps]
        inner.append(Inverted(Squeeze(name="squeeze"), name="unsqueeze"))
    return FlowChain([*first, *start, *inner], name="chain")


def _steps(depth, network, transform, linear, mask):
    layers = []
    for index in range(depth):
        layers.append(ActNorm(name=f"{mask}_norm_{index}"))
        if linear:
            layers.append(InvertibleLinear(name=f"linear_{index}"))
        layers.append(
            Coupling(
                network(),
                transform,
                mask,
                flip=bool(index % 2) and not linear,
                name=f"{mask}_coupling_{index}",
            )
        )
    return layers


def autoregressive(
    shape,
    discrete=False,
    depth=5,
    units=(64, 64),
    transform="affine",
    inverted=False,
):
    """Autoregressive layers in turns of order: MAF, or inverted, IAF."""
    layers = [Logit(name="logit")] if discrete else []
    for index in range(depth):
        layer = Autoregressive(
            units, transform, bool(index % 2), name=f"step_{index}"
        )
        layers.append(ActNorm(name=f"norm_{index}"))
        layers.append(
            Inverted(layer, name=f"inverted_{index}") if inverted else layer
        )
    return FlowChain(layers, name="chain")


def simple(shape, discrete=False, depth=8, layer=Planar):
    """Planar or radial layers."""
    layers = [Logit(name="logit")] if discrete else []
    layers.append(ActNorm(name="norm"))
    layers += [layer(name=f"step_{index}") for index in range(depth)]
    return FlowChain(layers, name="chain")


def continuous(shape, discrete=False, depth=1, **kwargs):
    """`ContinuousFlow`s behind a norm."""
    layers = [Logit(name="logit")] if discrete else []
    layers.append(ActNorm(name="norm"))
    for index in range(depth):
        layers.append(ContinuousFlow(name=f"ode_{index}", **kwargs))
    return FlowChain(layers, name="chain")


PRESETS = {
    "nice": functools.partial(coupled, transform="additive"),
    "real_nvp": coupled,
    "glow": functools.partial(coupled, linear=True),
    "neural_spline": functools.partial(
        coupled, transform="spline", linear=True
    ),
    "maf": autoregressive,
    "maf_spline": functools.partial(autoregressive, transform="spline"),
    "iaf": functools.partial(autoregressive, inverted=True),
    "planar": simple,
    "radial": functools.partial(simple, layer=Radial),
    "ffjord": continuous,
}

"""Our layers and losses against what timm's computed."""

import importlib.util
import json
from pathlib import Path

import keras
import numpy as np
import pytest

from keras_nn import layers
from keras_nn import losses

FOLDER = Path(__file__).parent
_SPEC = importlib.util.spec_from_file_location(
    "drawn_numbers", FOLDER / "drawn_numbers.py"
)
drawn = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(drawn)

with np.load(FOLDER / "timm_layers.npz") as file:
    RECORDED = dict(file)
TORCH = {"epsilon": 1e-5}
# Our layer; where each of its weights lies among their tensors: a name, or
# a name and a part of so many.
_NORM = "weight bias running_mean running_var"
CASES = {
    "global_context": (
        lambda: layers.GlobalContext(4, shift=True),
        ["conv_attn.weight", "conv_attn.bias"]
        + [
            f"mlp_{kind}.{part}"
            for kind in ("scale", "add")
            for part in (
                "norm.weight norm.bias fc1.weight fc1.bias fc2.weight fc2.bias"
            ).split()
        ],
    ),
    **{
        name: (
            lambda more=more: layers.SelectiveKernel(6, 4, **more),
            [
                f"paths.{path}.{part}"
                for path in (0, 1)
                for part in (
                    "conv.weight bn.weight bn.bias bn.running_mean "
                    "bn.running_var"
                ).split()
            ]
            + ["attn.fc_reduce.weight"]
            + [f"attn.bn.{part}" for part in _NORM.split()]
            + ["attn.fc_select.weight"],
        )
        for name, more in (
            ("selective_kernel", {}),
            ("selective_kernel_large", {"dilated": False}),
        )
    },
    **{
        name: (
            make,
            ["conv.weight"]
            + [f"bn0.{part}" for part in _NORM.split()]
            + ["fc1.weight", "fc1.bias"]
            + [f"bn1.{part}" for part in _NORM.split()]
            + ["fc2.weight", "fc2.bias"],
        )
        for name, make in (
            (
                "split_attention",
                lambda: layers.SplitAttention(12, groups=2, units=8),
            ),
            (
                "split_attention_three",
                lambda: layers.SplitAttention(6, radix=3, units=6, strides=2),
            ),
        )
    },
    "non_local": (
        lambda: layers.NonLocal2D(4),
        [f"{part}.{kind}" for part in "tpgz" for kind in ("weight", "bias")]
        + [f"norm.{part}" for part in _NORM.split()],
    ),
    "evo_norm_b0": (
        layers.EvoNorm2DB0,
        ["weight", "bias", "v", "running_var"],
    ),
    "evo_norm_s0": (
        lambda: layers.EvoNorm2DS0(2),
        ["weight", "bias", "v"],
    ),
    "filter_response": (
        lambda: keras.Sequential(
            [
                layers.FilterResponseNormalization(**TORCH),
                layers.ThresholdedLinearUnit(),
            ]
        ),
        ["weight", "bias", "tau"],
    ),
    "attention_pool": (
        lambda: layers.AttentionPool2D(2, units=6),
        ["pos_embed"]
        + [
            (f"qkv.{kind}", part, 3)
            for part in range(3)
            for kind in ("weight", "bias")
        ]
        + ["proj.weight", "proj.bias"],
    ),
    "mixed_conv": (
        layers.MixedDepthwiseConv2D,
        ["0.weight", "1.weight", "2.weight"],
    ),
    "space_to_depth": (lambda: layers.SpaceToDepth2D(4), []),
    "ml_decoder": (
        lambda: layers.MLDecoder(7, 3, hidden_dim=16),
        None,
    ),
    "cond_conv": (
        lambda: layers.CondConv2D(6, 3, num_experts=3, use_bias=True),
        None,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_outputs_are_theirs(name):
    make, places = CASES[name]
    layer = make()
    channels = 9 if name == "split_attention_three" else 8
    sides = (8, 4) if name == "space_to_depth" else (6, 5)
    random = np.random.RandomState(3)
    x = random.standard_normal((2, channels, *sides)).astype("float32")
    x = x.transpose(0, 2, 3, 1)
    layer(x)
    tensors = drawn.numbers(json.loads(str(RECORDED[f"{name}/shapes"])))
    if places is None:
        _assign_by_hand(layer, tensors)
    else:
        assert len(places) == len(layer.weights), [
            (w.path, w.shape) for w in layer.weights
        ]
        for weight, place in zip(layer.weights, places, strict=True):
            if isinstance(place, tuple):
                place, part, count = place
                value = np.split(tensors[place], count)[part]
            else:
                value = tensors[place]
            _assign(weight, value)
    np.testing.assert_allclose(
        layer(x, training=False) if _has_training(layer) else layer(x),
        RECORDED[name],
        atol=1e-4,
        rtol=1e-4,
    )


def _has_training(layer):
    return layer._call_has_training_arg


def _assign(weight, value):
    if value.ndim == 4 and len(weight.shape) == 2:
        value = value[:, :, 0, 0].T
    elif value.ndim == 4:
        value = value.transpose(2, 3, 1, 0)
        if value.shape != tuple(weight.shape):  # depthwise
            value = value.transpose(0, 1, 3, 2)
    elif value.ndim == 2 and weight.path.endswith("kernel"):
        value = value.T
    weight.assign(value)


def _assign_by_hand(layer, tensors):
    if isinstance(layer, layers.CondConv2D):
        kernel = tensors["conv.weight"].reshape(3, 6, 8, 3, 3)
        layer.kernel.assign(kernel.transpose(0, 3, 4, 2, 1))
        layer.bias.assign(tensors["conv.bias"])
        layer.routing.kernel.assign(tensors["routing_fn.weight"].T)
        layer.routing.bias.assign(tensors["routing_fn.bias"])
        return
    prefix = "decoder.layers.0."
    for ours, theirs in (
        (layer.embed, "embed_standart"),
        (layer.norm_queries, f"{prefix}norm1"),
        (layer.norm_attended, f"{prefix}norm2"),
        (layer.norm_out, f"{prefix}norm3"),
        (layer.hidden, f"{prefix}linear1"),
        (layer.outer, f"{prefix}linear2"),
    ):
        weight = tensors[f"{theirs}.weight"]
        ours.set_weights([weight.T, tensors[f"{theirs}.bias"]])
    layer.queries.assign(tensors["query_embed.weight"])
    layer.kernel.assign(tensors["duplicate_pooling"])
    layer.bias.assign(tensors["duplicate_pooling_bias"])
    weight = tensors[f"{prefix}multihead_attn.in_proj_weight"].T
    bias = tensors[f"{prefix}multihead_attn.in_proj_bias"]
    values = []
    for part in range(3):
        cut = slice(16 * part, 16 * part + 16)
        values += [weight[:, cut].reshape(16, 8, 2), bias[cut].reshape(8, 2)]
    out = tensors[f"{prefix}multihead_attn.out_proj.weight"].T
    values += [out.reshape(8, 2, 16)]
    values += [tensors[f"{prefix}multihead_attn.out_proj.bias"]]
    layer.attention.set_weights(values)


LOGITS = np.random.RandomState(5).standard_normal((12, 4)).astype("float32")


@pytest.mark.parametrize("key", [k for k in RECORDED if k[:4] == "jsd/"])
def test_losses_of_views_are_theirs(key):
    _, alpha, smoothing = key.split("/")
    loss = losses.JensenShannonCrossentropy(
        float(alpha), float(smoothing), from_logits=True
    )
    views = LOGITS[:6].reshape(3, 2, 4).transpose(1, 0, 2)
    found = float(loss(np.array([1, 3]), views))
    assert found == pytest.approx(float(RECORDED[key]), rel=1e-4)


@pytest.mark.parametrize("key", [k for k in RECORDED if k[:4] == "bce/"])
def test_binary_losses_are_theirs(key):
    _, smoothing, threshold, total, kind = key.split("/")
    loss = losses.ClassBinaryCrossentropy(
        float(smoothing),
        None if threshold == "None" else float(threshold),
        total == "True",
        from_logits=True,
    )
    shares = np.exp(LOGITS[6:]) / np.exp(LOGITS[6:]).sum(1, keepdims=True)
    labels = np.array([0, 3, 2, 1, 1, 0]) if kind == "labels" else shares
    found = float(loss(labels, LOGITS[:6]))
    assert found == pytest.approx(float(RECORDED[key]), rel=1e-4)

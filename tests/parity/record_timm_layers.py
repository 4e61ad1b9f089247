"""Records what timm's layers and losses compute, as golden numbers.

    pip install torch torchvision timm
    python tests/parity/record_timm_layers.py

Names and shapes of their tensors and outputs. The test draws weights and
pictures again.
"""

import json
from pathlib import Path

import numpy as np
import timm
import torch
from drawn_numbers import numbers
from timm import layers
from timm import loss
from timm.layers.ml_decoder import MLDecoder

FOLDER = Path(__file__).parent
NORM = torch.nn.BatchNorm2d
LAYERS = {
    "global_context": lambda: layers.GlobalContext(
        8, fuse_add=True, rd_channels=4
    ),
    "selective_kernel": lambda: layers.SelectiveKernel(
        8, 6, rd_channels=4, split_input=False
    ),
    "selective_kernel_large": lambda: layers.SelectiveKernel(
        8, 6, rd_channels=4, split_input=False, keep_3x3=False
    ),
    "split_attention": lambda: layers.SplitAttn(
        8, 12, rd_channels=4, groups=2, norm_layer=NORM
    ),
    "split_attention_three": lambda: layers.SplitAttn(
        9, 6, rd_channels=2, radix=3, stride=2, norm_layer=NORM
    ),
    "non_local": lambda: layers.NonLocalAttn(8, rd_channels=4),
    "evo_norm_b0": lambda: layers.EvoNorm2dB0(8),
    "evo_norm_s0": lambda: layers.EvoNorm2dS0(8, groups=2),
    "filter_response": lambda: layers.FilterResponseNormTlu2d(8),
    "attention_pool": lambda: layers.AttentionPool2d(
        8, feat_size=(6, 5), num_heads=2, out_features=6
    ),
    "mixed_conv": lambda: layers.MixedConv2d(8, 8, [3, 5, 7], depthwise=True),
    "space_to_depth": lambda: layers.SpaceToDepth(4),
    "ml_decoder": lambda: decoder(),
    "cond_conv": lambda: Routed(),
}
SIDES = {"space_to_depth": (8, 4)}


class Routed(torch.nn.Module):
    """timm's CondConv with the routing that its blocks put in front."""

    def __init__(self):
        super().__init__()
        self.routing_fn = torch.nn.Linear(8, 3)
        self.conv = layers.CondConv2d(
            8, 6, 3, padding="same", num_experts=3, bias=True
        )

    def forward(self, x):
        return self.conv(x, torch.sigmoid(self.routing_fn(x.mean((2, 3)))))


def decoder():
    """timm's ML-Decoder, whose one layer torch 2.14 calls otherwise."""
    head = MLDecoder(7, 3, 16, 8)
    (layer,) = head.decoder.layers
    head.decoder.forward = lambda tgt, memory: layer(tgt, memory)
    return head


def drawn(name, channels):
    height, width = SIDES.get(name, (6, 5))
    random = np.random.RandomState(3)
    return random.standard_normal((2, channels, height, width)).astype(
        "float32"
    )


def record():
    recorded = {}
    for name, make in LAYERS.items():
        layer = make().eval()
        shapes = {
            key: list(value.shape)
            for key, value in layer.state_dict().items()
            if "num_batches" not in key
        }
        weights = {k: torch.tensor(v) for k, v in numbers(shapes).items()}
        layer.load_state_dict(weights, strict=False)
        channels = 9 if name == "split_attention_three" else 8
        with torch.no_grad():
            found = layer(torch.tensor(drawn(name, channels))).numpy()
        if found.ndim == 4:
            found = found.transpose(0, 2, 3, 1)
        recorded[name] = found
        recorded[f"{name}/shapes"] = json.dumps(shapes)
        print(name, found.shape, found.ravel()[:3])
    random = np.random.RandomState(5)
    logits = torch.tensor(random.standard_normal((6, 4)).astype("float32"))
    labels = torch.tensor([1, 3])
    for alpha, smoothing in ((12.0, 0.1), (3.0, 0.0)):
        of_views = loss.JsdCrossEntropy(3, alpha, smoothing)
        recorded[f"jsd/{alpha}/{smoothing}"] = of_views(logits, labels).numpy()
    shares = torch.softmax(
        torch.tensor(random.standard_normal((6, 4)).astype("float32")), 1
    )
    labels = torch.tensor([0, 3, 2, 1, 1, 0])
    for smoothing, threshold, total in (
        (0.1, None, False),
        (0.1, 0.2, True),
        (0.0, 0.3, False),
    ):
        binary = loss.BinaryCrossEntropy(
            smoothing, target_threshold=threshold, sum_classes=total
        )
        key = f"bce/{smoothing}/{threshold}/{total}"
        recorded[f"{key}/labels"] = binary(logits, labels).numpy()
        recorded[f"{key}/shares"] = binary(logits, shares).numpy()
    np.savez_compressed(FOLDER / "timm_layers.npz", **recorded)


if __name__ == "__main__":
    print("torch", torch.__version__, "timm", timm.__version__)
    record()

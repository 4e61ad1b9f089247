"""Records what timm's picture models compute, as golden numbers.

    pip install torch torchvision timm
    python tests/parity/record_timm.py

Small networks of every family: configs as timm writes them, names and shapes
of tensors, and logits. The test draws the weights again.
"""

import json
from pathlib import Path

import numpy as np
import timm
import torch
from drawn_numbers import numbers
from drawn_numbers import pictures

FOLDER = Path(__file__).parent
MODELS = {
    "resnet18": {"layers": [1, 1, 2, 1]},
    "resnet50": {"layers": [1, 1, 1, 1]},
    "vit_tiny_patch16_224": {
        "img_size": 16, "patch_size": 4, "embed_dim": 16, "depth": 2,
        "num_heads": 2, "init_values": 0.5,
    },
    "convnext_tiny": {"depths": [1, 1, 2, 1], "dims": [4, 8, 12, 16]},
    "convnextv2_atto": {"depths": [1, 1, 2, 1], "dims": [4, 8, 12, 16]},
    "swin_tiny_patch4_window7_224": {
        "img_size": 32, "patch_size": 2, "embed_dim": 8, "depths": [2, 2],
        "num_heads": [2, 4], "window_size": 4,
    },
}  # fmt: skip


def record():
    recorded = {}
    for name, arguments in MODELS.items():
        model = timm.create_model(name, num_classes=5, **arguments).eval()
        shapes = {
            key: list(value.shape) for key, value in model.state_dict().items()
        }
        floats = {k: s for k, s in shapes.items() if "num_batches" not in k}
        drawn = {k: torch.tensor(v) for k, v in numbers(floats).items()}
        left = model.load_state_dict(drawn, strict=False)
        assert all("num_batches" in key for key in left.missing_keys)
        side = arguments.get("img_size", 32)
        with torch.no_grad():
            logits = model(torch.tensor(pictures(side))).numpy()
        config = {
            "architecture": name,
            "num_classes": 5,
            "pretrained_cfg": {
                "input_size": [3, side, side],
                "mean": list(model.pretrained_cfg["mean"]),
                "std": list(model.pretrained_cfg["std"]),
            },
            "model_args": arguments,
        }
        recorded[f"{name}/logits"] = logits
        recorded[f"{name}/config"] = json.dumps(config)
        recorded[f"{name}/shapes"] = json.dumps(shapes)
        print(name, len(shapes), logits[0])
    np.savez_compressed(FOLDER / "timm.npz", **recorded)


if __name__ == "__main__":
    print("torch", torch.__version__, "timm", timm.__version__)
    record()

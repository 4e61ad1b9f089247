"""Records what more of timm's picture models compute, as golden numbers.

    pip install torch torchvision timm
    python tests/parity/record_timm_more.py

Configs as timm writes them, names and shapes of tensors, logits, and which
arguments of ours differ where a network was cut down. The test draws the
weights again.
"""

import json
from pathlib import Path

import numpy as np
import timm
import torch
from drawn_numbers import numbers
from drawn_numbers import pictures
from timm.models.mlp_mixer import MlpMixer
from timm.models.vgg import VGG
from timm.models.vgg import ConvMlp

FOLDER = Path(__file__).parent
CREATED = {
    "resnext50_32x4d": {"layers": [1, 1, 1, 1]},
    "seresnet50": {"layers": [1, 1, 1, 1]},
    "seresnext50_32x4d": {"layers": [1, 2, 1, 1]},
    "densenet121": {"block_config": [1, 2, 1]},
    "efficientnet_b0": {},
    "tf_efficientnet_b1": {},
    "tf_efficientnetv2_b1": {},
    "mobilenetv2_050": {},
    "mobilenetv3_small_100": {},
    "mobilenetv3_large_075": {},
    "tf_mobilenetv3_small_100": {},
    "tf_mobilenetv3_small_minimal_100": {},
}


def small_vgg(batch_norm):
    """VGG-11 with few filters, and what ours is called with."""
    filters = [4, 6, 8, 8, 8]
    counts = [1, 1, 2, 2, 2]
    cfg = []
    for width, count in zip(filters, counts, strict=True):
        cfg += [width] * count + ["M"]
    norm = torch.nn.BatchNorm2d if batch_norm else None
    model = VGG(cfg, num_classes=5, norm_layer=norm)
    model.pre_logits = ConvMlp(filters[-1], 16)
    model.head.fc = torch.nn.Linear(16, 5)
    return model, {"num_filters": filters, "units": 16}, 224


def small_mixer():
    """MLP-Mixer with two blocks, and what ours is called with."""
    model = MlpMixer(5, img_size=32, patch_size=8, num_blocks=2, embed_dim=16)
    given = {"patch_size": 8, "num_layers": 2, "hidden_dim": 16}
    given |= {"token_dim": 8, "channel_dim": 64}
    return model, given, 32


def models():
    """Name, model, arguments of theirs and of ours, side of pictures."""
    for name, arguments in CREATED.items():
        model = timm.create_model(name, num_classes=5, **arguments)
        yield name, model, arguments, {}, 64
    for name, batch_norm in (("vgg11", False), ("vgg11_bn", True)):
        model, ours, side = small_vgg(batch_norm)
        yield name, model, {}, ours, side
    model, ours, side = small_mixer()
    yield "mixer_s16_224", model, {}, ours, side


def record():
    recorded = {}
    for name, model, arguments, ours, side in models():
        model = model.eval()
        shapes = {
            key: list(value.shape) for key, value in model.state_dict().items()
        }
        floats = {k: s for k, s in shapes.items() if "num_batches" not in k}
        drawn = {k: torch.tensor(v) for k, v in numbers(floats).items()}
        left = model.load_state_dict(drawn, strict=False)
        assert all("num_batches" in key for key in left.missing_keys)
        with torch.no_grad():
            logits = model(torch.tensor(pictures(side))).numpy()
        config = {
            "architecture": name,
            "num_classes": 5,
            "pretrained_cfg": {
                "input_size": [3, side, side],
                "mean": [0.5, 0.5, 0.5],
                "std": [0.5, 0.5, 0.5],
            },
            "model_args": arguments,
        }
        recorded[f"{name}/logits"] = logits
        recorded[f"{name}/config"] = json.dumps(config)
        recorded[f"{name}/shapes"] = json.dumps(shapes)
        recorded[f"{name}/ours"] = json.dumps(ours)
        print(name, len(shapes), logits[0])
    np.savez_compressed(FOLDER / "timm_more.npz", **recorded)


if __name__ == "__main__":
    print("torch", torch.__version__, "timm", timm.__version__)
    record()

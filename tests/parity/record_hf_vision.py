"""Records what Hugging Face's picture models compute, as golden numbers.

    pip install torch transformers
    python tests/parity/record_hf_vision.py

Small networks of every family, as `save_pretrained` writes them: configs,
names and shapes of tensors, and logits. Their weights are numbers that the
test draws again, in the order of names, so that the file stays small.

    python tests/parity/record_hf_vision.py --read FOLDER

prints the logits of a checkpoint that was written the other way round.
"""

import json
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch
import transformers
from drawn_numbers import numbers
from drawn_numbers import pictures
from safetensors.numpy import load_file
from safetensors.numpy import save_file

FOLDER = Path(__file__).parent
MODELS = {
    "resnet_basic": ("ResNet", {
        "depths": [2, 1], "hidden_sizes": [64, 32], "layer_type": "basic",
    }),
    "resnet_bottleneck": ("ResNet", {
        "depths": [1, 2], "hidden_sizes": [32, 64],
    }),
    "resnet_first": ("ResNet", {
        "depths": [1, 1], "hidden_sizes": [32, 64],
        "downsample_in_bottleneck": True,
    }),
    "vit": ("ViT", {
        "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 4,
        "intermediate_size": 24, "image_size": 16, "patch_size": 4,
    }),
    "vit_without_bias": ("ViT", {
        "hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2,
        "intermediate_size": 32, "image_size": 16, "patch_size": 8,
        "qkv_bias": False,
    }),
    "convnext": ("ConvNext", {
        "hidden_sizes": [8, 16], "depths": [1, 2], "num_stages": 2,
    }),
    "convnextv2": ("ConvNextV2", {
        "hidden_sizes": [8, 16], "depths": [1, 2], "num_stages": 2,
    }),
    "swin": ("Swin", {
        "image_size": 32, "patch_size": 2, "embed_dim": 8, "depths": [2, 2],
        "num_heads": [2, 4], "window_size": 4,
    }),
}  # fmt: skip


def record():
    recorded = {}
    for name, (family, arguments) in MODELS.items():
        config = getattr(transformers, f"{family}Config")(
            num_labels=5, **arguments
        )
        cls = getattr(transformers, f"{family}ForImageClassification")
        with tempfile.TemporaryDirectory() as folder:
            cls(config).save_pretrained(folder)
            stored = load_file(Path(folder) / "model.safetensors")
            written = json.loads((Path(folder) / "config.json").read_text())
        model = cls(config).eval()
        shapes = {
            key: list(value.shape)
            for key, value in stored.items()
            if value.dtype == np.float32
        }
        with tempfile.TemporaryDirectory() as folder:
            # Read back as a user would, by the names as they are published.
            model.save_pretrained(folder)
            save_file(
                {**stored, **numbers(shapes)},
                Path(folder) / "model.safetensors",
                metadata={"format": "pt"},
            )
            model = cls.from_pretrained(folder).eval()
        side = arguments.get("image_size", 32)
        with torch.no_grad():
            logits = model(torch.tensor(pictures(side))).logits.numpy()
        recorded[f"{name}/logits"] = logits
        recorded[f"{name}/config"] = json.dumps(written)
        recorded[f"{name}/shapes"] = json.dumps(
            {key: list(value.shape) for key, value in stored.items()}
        )
        print(name, len(stored), logits[0])
    np.savez_compressed(FOLDER / "hf_vision.npz", **recorded)


def read(folder):
    model = transformers.AutoModelForImageClassification.from_pretrained(
        folder
    ).eval()
    side = getattr(model.config, "image_size", 32)
    side = 32 if side == 224 else side
    with torch.no_grad():
        print(model(torch.tensor(pictures(side))).logits.numpy().tolist())


if __name__ == "__main__":
    if sys.argv[1:2] == ["--read"]:
        read(sys.argv[2])
    else:
        print(torch.__version__, transformers.__version__)
        record()

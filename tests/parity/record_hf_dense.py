"""Records what Hugging Face's detector and segmenters compute.

    pip install torch transformers timm
    python tests/parity/record_hf_dense.py

Small networks of DETR, on a ResNet of Hugging Face's and on one of timm's, and
of SegFormer, with either head, as `save_pretrained` writes them: configs,
names and shapes of tensors, and outputs. Their weights are numbers that the
test draws again, in the order of names, so that the file stays small.

    python tests/parity/record_hf_dense.py --read FOLDER

prints the outputs of a checkpoint that was written the other way round.
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
TRANSFORMER = {
    "d_model": 16, "encoder_layers": 1, "decoder_layers": 2,
    "encoder_attention_heads": 2, "decoder_attention_heads": 2,
    "encoder_ffn_dim": 24, "decoder_ffn_dim": 24, "num_queries": 6,
    "num_labels": 3,
}  # fmt: skip
MIT = {
    "depths": [1, 2], "hidden_sizes": [8, 16], "sr_ratios": [2, 1],
    "patch_sizes": [7, 3], "strides": [4, 2], "num_attention_heads": [1, 2],
    "mlp_ratios": [4, 4], "num_encoder_blocks": 2, "decoder_hidden_size": 12,
    "num_labels": 5,
}  # fmt: skip
# Name: class, arguments of its config, side of the pictures.
MODELS = {
    "detr": ("DetrForObjectDetection", transformers.DetrConfig, {
        **TRANSFORMER,
        "use_timm_backbone": False, "use_pretrained_backbone": False,
        "backbone_config": transformers.ResNetConfig(
            embedding_size=8, hidden_sizes=[16, 32], depths=[1, 2],
            out_features=["stage2"],
        ),
    }),
    "detr_timm": ("DetrForObjectDetection", transformers.DetrConfig, {
        **TRANSFORMER,
        "backbone": "resnet18", "use_pretrained_backbone": False,
    }),
    "segformer": (
        "SegformerForSemanticSegmentation", transformers.SegformerConfig, MIT
    ),
    "mit": (
        "SegformerForImageClassification", transformers.SegformerConfig, MIT
    ),
}  # fmt: skip
SIDE = 64


def outputs(model):
    with torch.no_grad():
        found = model(torch.tensor(pictures(SIDE)))
    kept = {"logits": found.logits.numpy()}
    if hasattr(found, "pred_boxes"):
        kept["boxes"] = found.pred_boxes.numpy()
    return kept


def record():
    recorded = {}
    for name, (kind, config, arguments) in MODELS.items():
        cls = getattr(transformers, kind)
        model = cls(config(**arguments))
        with tempfile.TemporaryDirectory() as folder:
            folder = Path(folder)
            model.save_pretrained(folder)
            stored = load_file(folder / "model.safetensors")
            written = json.loads((folder / "config.json").read_text())
            shapes = {
                key: list(value.shape)
                for key, value in stored.items()
                if value.dtype == np.float32
            }
            # Read back as a user would, by the names as they are published.
            save_file(
                {**stored, **numbers(shapes)},
                folder / "model.safetensors",
                metadata={"format": "pt"},
            )
            model = cls.from_pretrained(folder).eval()
        for key, value in outputs(model).items():
            recorded[f"{name}/{key}"] = value
            print(name, key, value.shape, np.abs(value).max())
        recorded[f"{name}/config"] = json.dumps(written)
        recorded[f"{name}/shapes"] = json.dumps(
            {key: list(value.shape) for key, value in stored.items()}
        )
        if "--names" in sys.argv:
            print(json.dumps(written, indent=1))
            print("\n".join(f"{k} {v.shape}" for k, v in stored.items()))
    np.savez_compressed(FOLDER / "hf_dense.npz", **recorded)


def read(folder):
    config = json.loads((Path(folder) / "config.json").read_text())
    cls = getattr(transformers, config["architectures"][0])
    for key, value in outputs(cls.from_pretrained(folder).eval()).items():
        print(key, value.tolist())


if __name__ == "__main__":
    if sys.argv[1:2] == ["--read"]:
        read(sys.argv[2])
    else:
        print(torch.__version__, transformers.__version__)
        record()

"""Records what torch makes of learnt positions at another size.

    python tests/parity/record_resampled.py

with torch 2.13 and transformers 5.24: `interpolate` of a small map to larger
and smaller ones, and logits of a ViT of 32x32 pixels that looks at pictures
of 48x32 with `interpolate_pos_encoding`.
"""

import json
import tempfile
from pathlib import Path

import drawn_numbers as drawn
import numpy as np
import torch
import transformers
from safetensors.numpy import load_file
from safetensors.numpy import save_file

FOLDER = Path(__file__).parent


def main():
    found = {}
    values = drawn.numbers({"map": (5, 4, 2)})["map"]
    for size in ((8, 9), (3, 2), (5, 4)):
        theirs = torch.nn.functional.interpolate(
            torch.tensor(values).permute(2, 0, 1)[None],
            size=size,
            mode="bicubic",
            align_corners=False,
        )
        found[f"map/{size[0]}x{size[1]}"] = theirs[0].permute(1, 2, 0).numpy()
    config = transformers.ViTConfig(
        hidden_size=8,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=16,
        image_size=32,
        patch_size=8,
        num_labels=3,
    )
    cls = transformers.ViTForImageClassification
    with tempfile.TemporaryDirectory() as folder:
        # Read back as a user would, by the names as they are published.
        path = Path(folder) / "model.safetensors"
        cls(config).save_pretrained(folder)
        written = (Path(folder) / "config.json").read_text()
        shapes = {k: list(v.shape) for k, v in load_file(path).items()}
        save_file(drawn.numbers(shapes), path, metadata={"format": "pt"})
        model = cls.from_pretrained(folder).eval()
    pictures = drawn.pictures(48)[..., :32]
    with torch.no_grad():
        logits = model(
            torch.tensor(pictures), interpolate_pos_encoding=True
        ).logits
    found["vit/shapes"] = np.array(json.dumps(shapes))
    found["vit/config"] = np.array(written)
    found["vit/logits"] = logits.numpy()
    np.savez_compressed(FOLDER / "resampled.npz", **found)
    print({name: value.shape for name, value in found.items()})


if __name__ == "__main__":
    main()

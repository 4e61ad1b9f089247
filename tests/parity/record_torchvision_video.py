"""Records what torchvision's clip models compute, as golden numbers.

    pip install torch torchvision
    python tests/parity/record_torchvision_video.py

Logits of R3D-18, R(2+1)D-18 and MC3-18 and the shapes of their tensors. The
test draws the weights again.
"""

import json
from pathlib import Path

import numpy as np
import torch
import torchvision
from drawn_numbers import numbers
from torchvision.models import video

FOLDER = Path(__file__).parent
MODELS = ("r3d_18", "r2plus1d_18", "mc3_18")
CLIP = (1, 3, 5, 20, 28)


def record():
    recorded = {}
    clip = np.random.RandomState(1).standard_normal(CLIP).astype("float32")
    for name in MODELS:
        model = getattr(video, name)(num_classes=5).eval()
        shapes = {
            key: list(value.shape) for key, value in model.state_dict().items()
        }
        floats = {k: s for k, s in shapes.items() if "num_batches" not in k}
        drawn = {k: torch.tensor(v) for k, v in numbers(floats).items()}
        left = model.load_state_dict(drawn, strict=False)
        assert all("num_batches" in key for key in left.missing_keys)
        with torch.no_grad():
            logits = model(torch.tensor(clip)).numpy()
        recorded[f"{name}/logits"] = logits
        recorded[f"{name}/shapes"] = json.dumps(floats)
        print(name, len(shapes), logits[0])
    np.savez_compressed(FOLDER / "torchvision_video.npz", **recorded)


if __name__ == "__main__":
    print("torch", torch.__version__, "torchvision", torchvision.__version__)
    record()

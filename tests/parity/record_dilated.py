"""Records what residual networks with holes compute in timm, torchvision.

    pip install torch torchvision timm
    python tests/parity/record_dilated.py    # writes dilated.npz

Both libraries compute the same where torchvision has such a network; the
test draws the weights again.
"""

import json
from pathlib import Path

import numpy as np
import timm
import torch
import torchvision
from drawn_numbers import numbers
from drawn_numbers import pictures
from torchvision.models.resnet import Bottleneck

FOLDER = Path(__file__).parent
CHANNELS = [8, 12, 16, 20]
MODELS = {"resnet18": ([1, 1, 2, 1], 16), "resnet50": ([1, 1, 2, 1], 8)}


def of_torchvision(layers):
    """The same network; torchvision's channels cannot be chosen."""
    model = torchvision.models.ResNet(
        Bottleneck, layers, 5,
        replace_stride_with_dilation=[False, True, True],
    )  # fmt: skip
    shapes = {k: list(v.shape) for k, v in model.state_dict().items()}
    drawn = numbers({k: s for k, s in shapes.items() if "num_bat" not in k})
    drawn = {k: torch.tensor(v) for k, v in drawn.items()}
    model.load_state_dict(drawn, strict=False)
    twin = timm.create_model(
        "resnet50", num_classes=5, layers=layers, output_stride=8
    )
    twin.load_state_dict(drawn, strict=False)
    x = torch.tensor(pictures(32))
    return model.eval()(x), twin.eval()(x)


@torch.no_grad()
def main():
    recorded = {}
    for name, (layers, output_stride) in MODELS.items():
        model = timm.create_model(
            name, num_classes=5, layers=layers, channels=CHANNELS,
            output_stride=output_stride,
        ).eval()  # fmt: skip
        shapes = {k: list(v.shape) for k, v in model.state_dict().items()}
        floats = {k: s for k, s in shapes.items() if "num_batches" not in k}
        drawn = {k: torch.tensor(v) for k, v in numbers(floats).items()}
        model.load_state_dict(drawn, strict=False)
        maps = model.forward_features(torch.tensor(pictures(32)))
        recorded[f"{name}/map"] = maps.permute(0, 2, 3, 1).numpy()
        config = {
            "architecture": name,
            "num_classes": 5,
            "pretrained_cfg": {"input_size": [3, 32, 32]},
            "model_args": {"layers": layers},
        }
        recorded[f"{name}/config"] = json.dumps(config)
        recorded[f"{name}/shapes"] = json.dumps(shapes)
        print(name, tuple(maps.shape), float(maps.abs().max()))
    one, other = of_torchvision(MODELS["resnet50"][0])
    assert torch.allclose(one, other, rtol=1e-4, atol=1e-4), (one, other)
    print("torchvision", torchvision.__version__, "computes the same")
    np.savez_compressed(FOLDER / "dilated.npz", **recorded)


if __name__ == "__main__":
    print("torch", torch.__version__, "timm", timm.__version__)
    main()

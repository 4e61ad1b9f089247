"""Records what torch's LSTM and GRU compute, as golden numbers.

pip install torch
python tests/parity/record_torch_recurrent.py
"""

from pathlib import Path

import numpy as np
import torch

FEATURES, UNITS = 4, 5


def record(name, layer, numbers):
    inputs = torch.randn(3, 6, FEATURES, requires_grad=True)
    outputs, _ = layer(inputs)
    outputs.square().sum().backward()
    numbers[f"{name}/inputs"] = inputs.detach().numpy()
    numbers[f"{name}/outputs"] = outputs.detach().numpy()
    numbers[f"{name}/gradient"] = inputs.grad.numpy()
    for key, weight in layer.named_parameters():
        numbers[f"{name}/{key}"] = weight.detach().numpy()


if __name__ == "__main__":
    torch.manual_seed(0)
    numbers = {}
    record("lstm", torch.nn.LSTM(FEATURES, UNITS, batch_first=True), numbers)
    record("gru", torch.nn.GRU(FEATURES, UNITS, batch_first=True), numbers)
    path = Path(__file__).parent / "torch_recurrent.npz"
    np.savez_compressed(path, **numbers)
    print("torch", torch.__version__, sorted(numbers))

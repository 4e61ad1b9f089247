"""Records what torch's AdaptiveLogSoftmaxWithLoss computes.

pip install torch
python tests/parity/record_torch_adaptive_softmax.py
"""

from pathlib import Path

import numpy as np
import torch

if __name__ == "__main__":
    torch.manual_seed(0)
    layer = torch.nn.AdaptiveLogSoftmaxWithLoss(
        16, 20, cutoffs=[3, 8, 14], div_value=2.0, head_bias=True
    )
    inputs = torch.randn(11, 16, requires_grad=True)
    targets = torch.tensor([0, 2, 3, 7, 8, 13, 14, 19, 1, 5, 10])
    output, loss = layer(inputs, targets)
    loss.backward()
    np.savez_compressed(
        Path(__file__).parent / "torch_adaptive_softmax.npz",
        inputs=inputs.detach().numpy(),
        targets=targets.numpy(),
        output=output.detach().numpy(),
        loss=loss.item(),
        log_probabilities=layer.log_prob(inputs).detach().numpy(),
        inputs_gradient=inputs.grad.numpy(),
        **{
            f"weight/{key}": value.numpy()
            for key, value in layer.state_dict().items()
        },
    )
    print("torch", torch.__version__, "loss", loss.item())

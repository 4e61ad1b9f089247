"""Records pytorch-crf's chain and torch's CTC as golden numbers.

pip install torch pytorch-crf
python tests/parity/record_sequence_losses.py
"""

from pathlib import Path

import numpy as np
import torch
from torchcrf import CRF

BATCH, LENGTH, TAGS = 4, 7, 5
LENGTHS = [7, 4, 1, 6]


def crf():
    torch.manual_seed(0)
    chain = CRF(TAGS, batch_first=True)
    torch.nn.init.normal_(chain.transitions)
    torch.nn.init.normal_(chain.start_transitions)
    torch.nn.init.normal_(chain.end_transitions)
    emissions = torch.randn(BATCH, LENGTH, TAGS, requires_grad=True)
    tags = torch.randint(0, TAGS, (BATCH, LENGTH))
    mask = torch.arange(LENGTH)[None] < torch.tensor(LENGTHS)[:, None]
    likelihoods = chain(emissions, tags, mask=mask, reduction="none")
    (-likelihoods).mean().backward()
    paths = np.full((BATCH, LENGTH), -1)
    for row, path in zip(paths, chain.decode(emissions, mask), strict=True):
        row[: len(path)] = path
    return {
        "crf/emissions": emissions.detach().numpy(),
        "crf/transitions": chain.transitions.detach().numpy(),
        "crf/start": chain.start_transitions.detach().numpy(),
        "crf/end": chain.end_transitions.detach().numpy(),
        "crf/tags": tags.numpy(),
        "crf/mask": mask.numpy(),
        "crf/losses": -likelihoods.detach().numpy(),
        "crf/paths": paths,
        "crf/gradient": emissions.grad.numpy(),
        "crf/transition_gradient": chain.transitions.grad.numpy(),
    }


def ctc():
    torch.manual_seed(1)
    logits = torch.randn(LENGTH, BATCH, TAGS, requires_grad=True)
    labels = torch.tensor([[1, 2, 2], [3, 1, 0], [4, 0, 0], [1, 1, 0]])
    label_lengths = torch.tensor([3, 2, 1, 2])
    losses = torch.nn.functional.ctc_loss(
        logits.log_softmax(-1),
        labels,
        torch.full((BATCH,), LENGTH),
        label_lengths,
        blank=0,
        reduction="none",
    )
    losses.mean().backward()
    return {
        "ctc/logits": logits.detach().permute(1, 0, 2).numpy(),
        "ctc/labels": labels.numpy(),
        "ctc/losses": losses.detach().numpy(),
        "ctc/gradient": logits.grad.permute(1, 0, 2).numpy(),
    }


if __name__ == "__main__":
    numbers = {**crf(), **ctc()}
    path = Path(__file__).parent / "sequence_losses.npz"
    np.savez_compressed(path, **numbers)
    print("torch", torch.__version__, "crf", numbers["crf/losses"])

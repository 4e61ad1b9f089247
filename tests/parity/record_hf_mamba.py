"""Records what Hugging Face's Mamba computes, as golden numbers.

    pip install torch transformers
    python tests/parity/record_hf_mamba.py

A small random network: weights, logits, the loss and its gradient with
respect to the embedding, a greedy continuation.
"""

from pathlib import Path

import numpy as np
import torch
import transformers

FOLDER = Path(__file__).parent
IDS = [[5, 1, 30, 7, 7, 12, 9], [9, 2, 33, 4, 11, 0, 36]]

if __name__ == "__main__":
    print("torch", torch.__version__, "transformers", transformers.__version__)
    model = transformers.MambaForCausalLM(
        transformers.MambaConfig(
            vocab_size=37,
            hidden_size=16,
            state_size=4,
            num_hidden_layers=2,
            use_mambapy=False,
        )
    ).eval()
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            noise = torch.randn(weight.shape, generator=generator)
            if name.endswith(("A_log", "D")):
                weight.add_(0.1 * noise)
            elif "norm" in name:
                weight.copy_(1 + 0.1 * noise)
            else:
                weight.copy_(0.3 * noise)
    ids = torch.tensor(IDS)
    logits = model(ids).logits
    loss = torch.nn.functional.cross_entropy(
        logits[:, :-1].reshape(-1, 37), ids[:, 1:].reshape(-1)
    )
    loss.backward()
    with torch.no_grad():
        greedy = model.generate(
            ids[:, :4],
            do_sample=False,
            max_new_tokens=8,
            eos_token_id=None,
            pad_token_id=0,
        )
    np.savez_compressed(
        FOLDER / "hf_mamba.npz",
        ids=ids.numpy(),
        logits=logits.detach().numpy(),
        loss=loss.item(),
        embedding_gradient=model.get_input_embeddings().weight.grad.numpy(),
        greedy=greedy[:, 4:].numpy(),
        **{
            f"weight/{key}": value.numpy()
            for key, value in model.state_dict().items()
        },
    )
    print("loss", loss.item(), greedy[:, 4:].tolist())

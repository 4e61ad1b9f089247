"""Records what Hugging Face's GPT-2 and Llama compute, as golden numbers.

    pip install torch transformers
    python tests/parity/record_hf_decoders.py

Small random networks: weights, logits (with padding on the left, too), the
gradient of the loss with respect to the embedding, greedy continuations.
"""

from pathlib import Path

import numpy as np
import torch
import transformers

FOLDER = Path(__file__).parent
VOCABULARY = 37
PROMPTS = [[5, 1, 30, 7, 7, 12], [9, 2, 33]]
NEW_TOKENS = 9


def randomized(model):
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            noise = torch.randn(weight.shape, generator=generator)
            if weight.ndim > 1:  # large, so that greedy texts do not stall
                weight.copy_((0.1 if "wte" in name else 0.5) * noise)
            else:
                weight.copy_(0.05 * noise + name.endswith("weight"))
    return model.eval()


def record(name, model):
    ids = torch.tensor([PROMPTS[0], PROMPTS[0][::-1]])
    logits = model(ids).logits
    loss = torch.nn.functional.cross_entropy(
        logits[:, :-1].reshape(-1, VOCABULARY), ids[:, 1:].reshape(-1)
    )
    loss.backward()
    gradient = model.get_input_embeddings().weight.grad
    longest = max(map(len, PROMPTS))
    padding = [longest - len(prompt) for prompt in PROMPTS]
    padded = torch.tensor(
        [[0] * n + p for n, p in zip(padding, PROMPTS, strict=True)]
    )
    mask = torch.tensor(
        [[0] * n + [1] * len(p) for n, p in zip(padding, PROMPTS, strict=True)]
    )
    with torch.no_grad():
        greedy = model.generate(
            padded,
            attention_mask=mask,
            do_sample=False,
            max_new_tokens=NEW_TOKENS,
            eos_token_id=None,
            pad_token_id=0,
        )
        positions = torch.clamp(mask.cumsum(-1) - 1, min=0)
        padded_logits = model(
            padded, attention_mask=mask, position_ids=positions
        ).logits
    weights = {
        f"weight/{key}": value.numpy()
        for key, value in model.state_dict().items()
        if value.dtype == torch.float32
    }
    np.savez_compressed(
        FOLDER / f"{name}.npz",
        ids=ids.numpy(),
        logits=logits.detach().numpy(),
        loss=loss.item(),
        embedding_gradient=gradient.numpy(),
        padded=padded.numpy(),
        mask=mask.numpy(),
        padded_logits=padded_logits.numpy(),
        greedy=greedy[:, longest:].numpy(),
        **weights,
    )
    print(name, "loss", loss.item(), greedy[:, longest:].tolist())


if __name__ == "__main__":
    print("torch", torch.__version__, "transformers", transformers.__version__)
    record(
        "hf_gpt2",
        randomized(
            transformers.GPT2LMHeadModel(
                transformers.GPT2Config(
                    vocab_size=VOCABULARY,
                    n_positions=32,
                    n_embd=16,
                    n_layer=2,
                    n_head=4,
                )
            )
        ),
    )
    record(
        "hf_llama",
        randomized(
            transformers.LlamaForCausalLM(
                transformers.LlamaConfig(
                    vocab_size=VOCABULARY,
                    hidden_size=16,
                    intermediate_size=24,
                    num_hidden_layers=2,
                    num_attention_heads=4,
                    num_key_value_heads=2,
                    rms_norm_eps=1e-5,
                    max_position_embeddings=32,
                )
            )
        ),
    )

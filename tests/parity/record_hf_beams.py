"""Records what Hugging Face's Marian, T5 and GPT-2 compute and write.

    pip install torch transformers
    python tests/parity/record_hf_beams.py

Small random networks: weights, logits and the gradient of the loss with
respect to the embedding, greedy texts, and texts of beam search with several
penalties and ways to stop, of sources and prompts of unequal length.
"""

from pathlib import Path

import numpy as np
import torch
import transformers

FOLDER = Path(__file__).parent
VOCABULARY, PADDING, END = 37, 0, 1
ORDER = 1
SOURCES = [[5, 12, 30, 7, 7, 12, 1], [9, 2, 33, 1], [20, 21, 4, 36, 6, 1]]
TARGETS = [[0, 9, 8, 17, 30], [0, 3, 3, 5, 1], [0, 11, 35, 22, 1]]
PROMPTS = [[5, 1, 30, 7, 7, 12], [9, 2, 33]]
SEARCHES = [  # beams, length penalty, early stopping
    (2, 1.0, False),
    (5, 1.0, False),
    (4, 2.0, False),
    (3, 0.0, True),
    (4, 0.6, "never"),
    (4, -0.5, False),
]
NEW_TOKENS = 12


def randomized(model, scale, embedding):
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if "embed_positions" in name:
                continue  # waves
            noise = torch.randn(weight.shape, generator=generator)
            if weight.ndim > 1:  # large, so that texts do not stall
                tokens = weight.shape[0] == VOCABULARY
                weight.copy_((embedding if tokens else scale) * noise)
            else:
                weight.copy_(0.05 * noise + name.endswith("weight"))
    return model.eval()


def padded(texts, left=False):
    longest = max(map(len, texts))
    rows = [[PADDING] * (longest - len(t)) for t in texts]
    pairs = zip(rows, texts, strict=True)
    ids = torch.tensor([r + t if left else t + r for r, t in pairs])
    pairs = zip(rows, texts, strict=True)
    parts = [([0] * len(r), [1] * len(t)) for r, t in pairs]
    mask = torch.tensor([r + t if left else t + r for r, t in parts])
    return ids, mask


def texts_of(model, ids, mask, end, **how):
    found = model.generate(
        ids,
        attention_mask=mask,
        do_sample=False,
        max_new_tokens=NEW_TOKENS,
        eos_token_id=end,
        pad_token_id=PADDING,
        **how,
    )
    begin = 1 if model.config.is_encoder_decoder else ids.shape[1]
    texts = found[:, begin:].numpy()
    width = NEW_TOKENS - texts.shape[1]
    return np.pad(texts, ((0, 0), (0, width)), constant_values=PADDING)


def record(name, model, ids, mask):
    numbers = {"sources": ids.numpy(), "mask": mask.numpy()}
    if model.config.is_encoder_decoder:
        target = torch.tensor(TARGETS)
        logits = model(
            input_ids=ids, attention_mask=mask, decoder_input_ids=target
        ).logits
        loss = torch.nn.functional.cross_entropy(
            logits[:, :-1].reshape(-1, VOCABULARY), target[:, 1:].reshape(-1)
        )
        loss.backward()
        gradient = model.get_input_embeddings().weight.grad
        numbers |= {
            "target": target.numpy(),
            "logits": logits.detach().numpy(),
            "loss": loss.item(),
            "embedding_gradient": gradient.numpy(),
        }
    # A token that comes now and then ends texts, some sooner, some later.
    longest = texts_of(model, ids, mask, None)
    tokens, counts = np.unique(longest[:, 2:], return_counts=True)
    end = int(tokens[np.argsort(-counts, kind="stable")[ORDER]])
    numbers |= {"end": end, "longest": longest}
    numbers["greedy"] = texts_of(model, ids, mask, end)
    for number, (beams, penalty, early) in enumerate(SEARCHES):
        numbers[f"beam/{number}"] = texts_of(
            model,
            ids,
            mask,
            end,
            num_beams=beams,
            length_penalty=penalty,
            early_stopping=early,
        )
    forbidden = int(numbers["beam/0"][0, 0])
    numbers["forbidden"] = forbidden
    numbers["without_it"] = texts_of(
        model, ids, mask, end, num_beams=3, bad_words_ids=[[forbidden]]
    )
    numbers |= {
        f"weight/{key}": value.numpy()
        for key, value in model.state_dict().items()
        if value.dtype == torch.float32
    }
    np.savez_compressed(FOLDER / f"{name}.npz", **numbers)
    for key in ("longest", "end", "greedy", "beam/1", "beam/2", "beam/3"):
        print(name, key, np.array(numbers[key]).tolist())


def marian():
    config = transformers.MarianConfig(
        vocab_size=VOCABULARY,
        max_position_embeddings=32,
        encoder_layers=2,
        decoder_layers=2,
        encoder_attention_heads=4,
        decoder_attention_heads=4,
        encoder_ffn_dim=24,
        decoder_ffn_dim=24,
        d_model=16,
        activation_function="relu",
        scale_embedding=True,
        tie_word_embeddings=True,
        share_encoder_decoder_embeddings=True,
        pad_token_id=PADDING,
        decoder_start_token_id=PADDING,
        eos_token_id=END,
        forced_eos_token_id=None,
        dropout=0.0,
    )
    model = transformers.MarianMTModel(config)
    model.generation_config.forced_eos_token_id = None
    return randomized(model, 0.5, 0.12)


def t5(tied, activation):
    config = transformers.T5Config(
        vocab_size=VOCABULARY,
        d_model=16,
        d_kv=6,
        d_ff=24,
        num_layers=2,
        num_heads=4,
        relative_attention_num_buckets=8,
        relative_attention_max_distance=12,
        feed_forward_proj=activation,
        tie_word_embeddings=tied,
        pad_token_id=PADDING,
        decoder_start_token_id=PADDING,
        eos_token_id=END,
        dropout_rate=0.0,
    )
    model = transformers.T5ForConditionalGeneration(config)
    if not tied:  # the package ties them all the same
        weight = model.lm_head.weight.detach().clone()
        model.lm_head.weight = torch.nn.Parameter(weight)
    return randomized(model, 0.5, 0.4)


def gpt2():
    config = transformers.GPT2Config(
        vocab_size=VOCABULARY,
        n_positions=32,
        n_embd=16,
        n_layer=2,
        n_head=4,
    )
    return randomized(transformers.GPT2LMHeadModel(config), 0.4, 0.15)


if __name__ == "__main__":
    sources = padded(SOURCES)
    record("hf_marian", marian(), *sources)
    record("hf_t5", t5(True, "relu"), *sources)
    record("hf_t5_gated", t5(False, "gated-gelu"), *sources)
    record("hf_gpt2_beams", gpt2(), *padded(PROMPTS, left=True))

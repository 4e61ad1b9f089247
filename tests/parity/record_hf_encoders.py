"""Records what Hugging Face's BERT, RoBERTa and DistilBERT compute.

    pip install torch transformers
    python tests/parity/record_hf_encoders.py

Small random networks: weights, logits of texts with padding behind them, the
pooled first token of BERT, the gradient of the loss of masked tokens with
respect to the embedding.
"""

from pathlib import Path

import numpy as np
import torch
import transformers

FOLDER = Path(__file__).parent
VOCABULARY = 37
TEXTS = [[2, 5, 11, 30, 7, 7, 3], [2, 9, 33, 3]]
LABELS = [[-100, 5, -100, 12, -100, 8, -100], [-100, -100, 20, -100]]
SEGMENTS = [[0, 0, 0, 0, 1, 1, 1], [0, 0, 1, 1]]


def randomized(model):
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for name, weight in model.named_parameters():
            noise = torch.randn(weight.shape, generator=generator)
            if weight.ndim > 1:
                weight.copy_(0.4 * noise)
            else:
                norm = "norm" in name.lower() and name.endswith("weight")
                weight.copy_(0.05 * noise + norm)
    return model.eval()


def padded(rows, padding):
    longest = max(map(len, rows))
    return torch.tensor(
        [row + [padding] * (longest - len(row)) for row in rows]
    )


def record(name, model, padding, **inputs):
    ids = padded(TEXTS, padding)
    mask = padded([[1] * len(text) for text in TEXTS], 0)
    outputs = model(ids, attention_mask=mask, **inputs)
    logits = getattr(outputs, "prediction_logits", None)
    logits = outputs.logits if logits is None else logits
    loss = torch.nn.functional.cross_entropy(
        logits.reshape(-1, VOCABULARY), padded(LABELS, -100).reshape(-1)
    )
    loss.backward()
    numbers = {
        "ids": ids.numpy(),
        "mask": mask.numpy(),
        "labels": padded(LABELS, -100).numpy(),
        "logits": logits.detach().numpy(),
        "loss": loss.item(),
        "embedding_gradient": model.get_input_embeddings().weight.grad.numpy(),
    }
    if inputs:
        numbers["segments"] = inputs["token_type_ids"].numpy()
        with torch.no_grad():
            pooled = model.bert(ids, attention_mask=mask, **inputs)
        numbers["pooled"] = pooled.pooler_output.numpy()
    weights = {
        f"weight/{key}": value.numpy()
        for key, value in model.state_dict().items()
        if value.dtype == torch.float32
    }
    np.savez_compressed(FOLDER / f"{name}.npz", **numbers, **weights)
    print(name, "loss", loss.item(), len(weights))


SIZES = {
    "vocab_size": VOCABULARY,
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 24,
}

if __name__ == "__main__":
    print("torch", torch.__version__, "transformers", transformers.__version__)
    record(
        "hf_bert",
        randomized(
            transformers.BertForPreTraining(
                transformers.BertConfig(max_position_embeddings=12, **SIZES)
            )
        ),
        padding=0,
        token_type_ids=padded(SEGMENTS, 0),
    )
    record(
        "hf_roberta",
        randomized(
            transformers.RobertaForMaskedLM(
                transformers.RobertaConfig(
                    max_position_embeddings=14,  # two are for padding
                    type_vocab_size=1,
                    pad_token_id=1,
                    layer_norm_eps=1e-5,
                    **SIZES,
                )
            )
        ),
        padding=1,
    )
    record(
        "hf_distilbert",
        randomized(
            transformers.DistilBertForMaskedLM(
                transformers.DistilBertConfig(
                    vocab_size=VOCABULARY,
                    max_position_embeddings=12,
                    dim=16,
                    n_layers=2,
                    n_heads=4,
                    hidden_dim=24,
                )
            )
        ),
        padding=0,
    )

"""BERT, RoBERTa and DistilBERT against Hugging Face's networks."""

from pathlib import Path

import numpy as np
import pytest
from keras import ops

from keras_nn.losses import TokenCrossentropy
from keras_nn.models import BERT
from keras_nn.testing.backend import gradients

FOLDER = Path(__file__).parent
SIZES = {
    "vocabulary_size": 37,
    "context_length": 12,
    "num_layers": 2,
    "num_heads": 4,
    "width": 16,
    "hidden_dim": 24,
    "dropout": 0.0,
}
# What BERT and RoBERTa call the parts of a block; DistilBERT names others.
BLOCK = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "out": "attention.output.dense",
    "attention_norm": "attention.output.LayerNorm",
    "up": "intermediate.dense",
    "down": "output.dense",
    "feed_forward_norm": "output.LayerNorm",
}
DISTILLED = {
    "query": "attention.q_lin",
    "key": "attention.k_lin",
    "value": "attention.v_lin",
    "out": "attention.out_lin",
    "attention_norm": "sa_layer_norm",
    "up": "ffn.lin1",
    "down": "ffn.lin2",
    "feed_forward_norm": "output_layer_norm",
}
FORMS = {
    "hf_bert": {
        "arguments": {"segments": True},
        "trunk": "bert",
        "layers": "bert.encoder.layer",
        "block": BLOCK,
        "head": [
            "cls.predictions.transform.dense",
            "cls.predictions.transform.LayerNorm",
            "cls.predictions.bias",
        ],
    },
    "hf_roberta": {
        "arguments": {"num_segments": 1, "epsilon": 1e-5, "padding_id": 1},
        "trunk": "roberta",
        "layers": "roberta.encoder.layer",
        "block": BLOCK,
        "head": ["lm_head.dense", "lm_head.layer_norm", "lm_head.bias"],
    },
    "hf_distilbert": {
        "arguments": {"num_segments": 0},
        "trunk": "distilbert",
        "layers": "distilbert.transformer.layer",
        "block": DISTILLED,
        "head": [
            "vocab_transform",
            "vocab_layer_norm",
            "vocab_projector.bias",
        ],
    },
}


def network(name, numbers, head="masked_lm"):
    """`BERT` with the recorded weights."""
    form = FORMS[name]
    model = BERT(**SIZES, **form["arguments"], head=head)

    def take(key):
        return numbers[f"weight/{key}"]

    def both(layer, key):
        weight = take(f"{key}.weight")
        weight = weight.T if weight.ndim == 2 else weight
        layer.set_weights([weight, take(f"{key}.bias")])

    def table(layer, key):
        size = layer.weights[0].shape[0]
        # RoBERTa's first positions are those of padding.
        layer.set_weights([take(f"{trunk}.{key}.weight")[-size:]])

    trunk = f"{form['trunk']}.embeddings"
    table(model.get_layer("token_embedding"), "word_embeddings")
    table(model.get_layer("positions"), "position_embeddings")
    if model.num_segments:
        table(model.get_layer("segment_embedding"), "token_type_embeddings")
    both(model.get_layer("embedding_norm"), f"{trunk}.LayerNorm")
    for index in range(2):
        block = model.get_layer(f"block_{index}")
        places = {
            **vars(block.attention),
            **vars(block.feed_forward),
            **vars(block),
        }
        for part, key in form["block"].items():
            both(places[part], f"{form['layers']}.{index}.{key}")
    if head == "masked_lm":
        dense, norm, bias = form["head"]
        both(model.get_layer("head_dense"), dense)
        both(model.get_layer("head_norm"), norm)
        model.get_layer("head_bias").set_weights([take(bias)])
    if head == "pooled":
        both(model.get_layer("pooler"), "bert.pooler.dense")
    return model


def inputs(numbers):
    if "segments" in numbers:
        return {"ids": numbers["ids"], "segments": numbers["segments"]}
    return numbers["ids"]


def golden(name):
    """What `record_hf_encoders.py` wrote: a dict of arrays."""
    with np.load(FOLDER / f"{name}.npz") as file:
        return dict(file)


@pytest.fixture(scope="module", params=FORMS)
def pair(request):
    numbers = golden(request.param)
    return network(request.param, numbers), numbers


def test_logits_are_theirs_with_padding_too(pair):
    model, numbers = pair
    logits = ops.convert_to_numpy(model(inputs(numbers)))
    there = numbers["mask"].astype(bool)
    np.testing.assert_allclose(
        logits[there], numbers["logits"][there], atol=1e-4
    )


def test_loss_and_gradient_are_theirs(pair):
    model, numbers = pair
    table = model.get_layer("token_embedding").embeddings
    loss = TokenCrossentropy(ignore_class=-100)
    value, _, (gradient,) = gradients(
        lambda: (loss(numbers["labels"], model(inputs(numbers))), ()), [table]
    )
    assert float(value) == pytest.approx(float(numbers["loss"]), abs=1e-5)
    np.testing.assert_allclose(
        ops.convert_to_numpy(gradient),
        numbers["embedding_gradient"],
        atol=1e-4,
    )


def test_the_pooled_first_token_is_theirs():
    numbers = golden("hf_bert")
    model = network("hf_bert", numbers, head="pooled")
    pooled = ops.convert_to_numpy(model(inputs(numbers)))
    np.testing.assert_allclose(pooled, numbers["pooled"], atol=1e-4)

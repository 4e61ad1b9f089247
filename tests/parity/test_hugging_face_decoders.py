"""GPT2 and Llama against what Hugging Face's networks computed."""

from pathlib import Path

import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.models import GPT2
from keras_nn.models import Llama

FOLDER = Path(__file__).parent
SIZES = {
    "vocabulary_size": 37,
    "context_length": 32,
    "num_layers": 2,
    "num_heads": 4,
    "width": 16,
}


def golden(name):
    """What `record_hf_decoders.py` wrote: a dict of arrays."""
    with np.load(FOLDER / f"{name}.npz") as file:
        return dict(file)


def gpt2(numbers):
    """`GPT2` with the recorded weights."""
    model = GPT2(**SIZES, dropout=0.0)

    def take(name):
        return numbers[f"weight/transformer.{name}"]

    def both(layer, name):
        layer.set_weights([take(f"{name}.weight"), take(f"{name}.bias")])

    model.get_layer("token_embedding").set_weights([take("wte.weight")])
    model.get_layer("positions").set_weights([take("wpe.weight")])
    both(model.get_layer("norm"), "ln_f")
    for index in range(2):
        block, name = model.get_layer(f"block_{index}"), f"h.{index}"
        both(block.norm_before, f"{name}.ln_1")
        both(block.norm_after, f"{name}.ln_2")
        kernels = np.split(take(f"{name}.attn.c_attn.weight"), 3, axis=1)
        biases = np.split(take(f"{name}.attn.c_attn.bias"), 3)
        attention = block.attention
        layers = attention.query, attention.key, attention.value
        for layer, kernel, bias in zip(layers, kernels, biases, strict=True):
            layer.set_weights([kernel, bias])
        both(attention.out, f"{name}.attn.c_proj")
        both(block.feed_forward.up, f"{name}.mlp.c_fc")
        both(block.feed_forward.down, f"{name}.mlp.c_proj")
    return model


def llama(numbers):
    """`Llama` with the recorded weights."""
    model = Llama(**SIZES, num_key_value_heads=2, hidden_dim=24)

    def one(layer, name):
        value = numbers[f"weight/{name}.weight"]
        dense = layer.weights[0].path.endswith("kernel")
        layer.set_weights([value.T if dense else value])

    one(model.get_layer("token_embedding"), "model.embed_tokens")
    one(model.get_layer("norm"), "model.norm")
    one(model.get_layer("head"), "lm_head")
    for index in range(2):
        block, name = model.get_layer(f"block_{index}"), f"model.layers.{index}"
        one(block.norm_before, f"{name}.input_layernorm")
        one(block.norm_after, f"{name}.post_attention_layernorm")
        for part in ("query", "key", "value", "out"):
            letter = part[0]
            one(
                getattr(block.attention, part),
                f"{name}.self_attn.{letter}_proj",
            )
        for part in ("gate", "up", "down"):
            one(getattr(block.feed_forward, part), f"{name}.mlp.{part}_proj")
    return model


MODELS = {"hf_gpt2": gpt2, "hf_llama": llama}


@pytest.fixture(scope="module", params=MODELS)
def pair(request):
    numbers = golden(request.param)
    return MODELS[request.param](numbers), numbers


def test_logits_are_theirs(pair):
    model, numbers = pair
    logits = model(numbers["ids"])
    np.testing.assert_allclose(logits, numbers["logits"], atol=1e-4)


@pytest.mark.skipif(
    keras.config.backend() != "tensorflow", reason="needs a gradient tape"
)
def test_loss_and_gradient_are_theirs(pair):
    import tensorflow as tf

    model, numbers = pair
    ids = numbers["ids"]
    table = model.get_layer("token_embedding").embeddings
    with tf.GradientTape() as tape:
        losses = keras.losses.sparse_categorical_crossentropy(
            ids[:, 1:], model(ids)[:, :-1], from_logits=True
        )
        loss = ops.mean(losses)
    gradient = tf.convert_to_tensor(tape.gradient(loss, table.value))
    assert float(loss) == pytest.approx(float(numbers["loss"]), abs=1e-5)
    np.testing.assert_allclose(
        gradient, numbers["embedding_gradient"], atol=1e-4
    )


def test_padding_on_the_left_and_a_cache_change_nothing(pair):
    model, numbers = pair
    mask = numbers["mask"].astype(bool)
    positions = np.maximum(np.cumsum(mask, axis=1) - 1, 0)
    padded = numbers["padded"]
    cache = model.start_cache(*padded.shape)
    parts = []
    for start, stop in ((0, 4), (4, 5), (5, 6)):
        logits, cache = model.decode(
            padded[:, start:stop], cache, start, positions[:, start:stop], mask
        )
        parts.append(logits)
    received = np.concatenate(parts, axis=1)
    np.testing.assert_allclose(
        received[mask], numbers["padded_logits"][mask], atol=1e-4
    )


@pytest.mark.skipif(
    keras.config.backend() != "tensorflow", reason="the loop is TensorFlow's"
)
def test_greedy_texts_are_theirs_token_for_token(pair):
    from keras_nn.generation import Sampler
    from keras_nn.generation import TokenGenerator

    model, numbers = pair
    prompts = [
        row[there].tolist()
        for row, there in zip(
            numbers["padded"], numbers["mask"].astype(bool), strict=True
        )
    ]
    generator = TokenGenerator(model, Sampler(temperature=0.0))
    count = numbers["greedy"].shape[1]
    assert generator(prompts, count) == numbers["greedy"].tolist()

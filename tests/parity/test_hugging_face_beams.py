"""Encoder-decoders and beam search against what Hugging Face's wrote."""

from pathlib import Path

import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.models import GPT2
from keras_nn.models import T5
from keras_nn.models import TransformerSeq2Seq

FOLDER = Path(__file__).parent
TENSORFLOW = keras.config.backend() == "tensorflow"
SEARCHES = [  # as in record_hf_beams.py
    (2, 1.0, False),
    (5, 1.0, False),
    (4, 2.0, False),
    (3, 0.0, True),
    (4, 0.6, "never"),
    (4, -0.5, False),
]
HIDDEN = {"num_layers": 2, "num_heads": 4, "width": 16, "hidden_dim": 24}


def golden(name):
    with np.load(FOLDER / f"{name}.npz") as file:
        return dict(file)


class Weights:
    """Hands recorded weights to layers."""

    def __init__(self, numbers):
        self.numbers = numbers

    def take(self, name):
        return self.numbers[f"weight/{name}"]

    def dense(self, layer, name, scale=1.0):
        kernel = scale * self.take(f"{name}.weight").T
        biases = [self.take(f"{name}.bias")] if layer.use_bias else []
        layer.set_weights([kernel, *biases])

    def norm(self, layer, name):
        values = [self.take(f"{name}.weight")]
        if len(layer.weights) == 2:
            values.append(self.take(f"{name}.bias"))
        layer.set_weights(values)


def marian(numbers):
    model = TransformerSeq2Seq(
        37, context_length=32, start_id=0, end_id=1, dropout=0.0, **HIDDEN
    )
    give = Weights(numbers)
    model.get_layer("token_embedding").set_weights(
        [give.take("model.shared.weight")]
    )
    for side in ("encoder", "decoder"):
        for index in range(2):
            block = model.get_layer(f"{side}_block_{index}")
            name = f"model.{side}.layers.{index}"
            parts = [("self_attn", block.attention, block.attention_norm)]
            if side == "decoder":
                parts.append(
                    ("encoder_attn", block.cross_attention, block.cross_norm)
                )
            for part, attention, norm in parts:
                give.norm(norm, f"{name}.{part}_layer_norm")
                for letter, layer in zip(
                    ("q_proj", "k_proj", "v_proj", "out_proj"),
                    (
                        attention.query,
                        attention.key,
                        attention.value,
                        attention.out,
                    ),
                    strict=True,
                ):
                    give.dense(layer, f"{name}.{part}.{letter}")
            give.dense(block.feed_forward.up, f"{name}.fc1")
            give.dense(block.feed_forward.down, f"{name}.fc2")
            give.norm(block.feed_forward_norm, f"{name}.final_layer_norm")
    return model


def t5(numbers, gated=False):
    model = T5(
        37,
        context_length=32,
        key_dim=6,
        num_buckets=8,
        max_distance=12,
        activation="gelu_tanh" if gated else "relu",
        gated=gated,
        tie_weights=not gated,
        dropout=0.0,
        **HIDDEN,
    )
    give = Weights(numbers)
    model.get_layer("token_embedding").set_weights([give.take("shared.weight")])
    if gated:
        give.dense(model.get_layer("head"), "lm_head")
    for side in ("encoder", "decoder"):
        give.norm(model.get_layer(f"{side}_norm"), f"{side}.final_layer_norm")
        table = f"{side}.block.0.layer.0.SelfAttention.relative_attention_bias"
        model.get_layer(f"{side}_bias").set_weights(
            [give.take(f"{table}.weight")]
        )
        for index in range(2):
            block = model.get_layer(f"{side}_block_{index}")
            name = f"{side}.block.{index}.layer"
            parts = [("0", "SelfAttention", block.attention)]
            give.norm(block.attention_norm, f"{name}.0.layer_norm")
            if side == "decoder":
                parts.append(("1", "EncDecAttention", block.cross_attention))
                give.norm(block.cross_norm, f"{name}.1.layer_norm")
            for number, part, attention in parts:
                place = f"{name}.{number}.{part}"
                give.dense(attention.query, f"{place}.q", 6**0.5)
                give.dense(attention.key, f"{place}.k")
                give.dense(attention.value, f"{place}.v")
                give.dense(attention.out, f"{place}.o")
            last = f"{name}.{len(parts)}"
            give.norm(block.feed_forward_norm, f"{last}.layer_norm")
            feed, place = block.feed_forward, f"{last}.DenseReluDense"
            if gated:
                give.dense(feed.gate, f"{place}.wi_0")
                give.dense(feed.up, f"{place}.wi_1")
            else:
                give.dense(feed.up, f"{place}.wi")
            give.dense(feed.down, f"{place}.wo")
    return model


MODELS = {
    "hf_marian": marian,
    "hf_t5": t5,
    "hf_t5_gated": lambda numbers: t5(numbers, gated=True),
}


@pytest.mark.parametrize("name", MODELS)
def test_logits(name):
    numbers = golden(name)
    model = MODELS[name](numbers)
    inputs = {"source": numbers["sources"], "target": numbers["target"]}
    logits = ops.convert_to_numpy(model(inputs))
    np.testing.assert_allclose(logits, numbers["logits"], atol=1e-4, rtol=1e-4)


@pytest.mark.skipif(not TENSORFLOW, reason="takes a tf.GradientTape")
@pytest.mark.parametrize("name", MODELS)
def test_gradient_of_the_loss(name):
    import tensorflow as tf

    numbers = golden(name)
    model = MODELS[name](numbers)
    target = numbers["target"]
    with tf.GradientTape() as tape:
        logits = model({"source": numbers["sources"], "target": target})
        loss = ops.mean(
            keras.losses.sparse_categorical_crossentropy(
                target[:, 1:], logits[:, :-1], from_logits=True
            )
        )
    table = model.get_layer("token_embedding").embeddings
    gradient = tf.convert_to_tensor(tape.gradient(loss, table.value)).numpy()
    expected = numbers["embedding_gradient"]
    assert float(loss) == pytest.approx(float(numbers["loss"]), rel=1e-5)
    # Torch has no gradient at the token that is padding there.
    np.testing.assert_allclose(gradient[1:], expected[1:], atol=1e-4)


def rows(ids, mask):
    """Recorded texts without their padding."""
    return [
        row[there == 1].tolist() for row, there in zip(ids, mask, strict=True)
    ]


def until(texts, end):
    """Recorded texts up to the first end token, it included."""
    found = []
    for text in texts.tolist():
        found.append(text[: text.index(end) + 1] if end in text else text)
    return found


@pytest.fixture(scope="module")
def writers():
    """Models and what they are asked, by name."""
    pytest.importorskip("tensorflow")
    found = {}
    for name, make in {**MODELS, "hf_gpt2_beams": gpt2}.items():
        numbers = golden(name)
        texts = rows(numbers["sources"], numbers["mask"])
        asked = {"prompts" if "gpt2" in name else "sources": texts}
        found[name] = make(numbers), numbers, asked
    return found


def gpt2(numbers):
    model = GPT2(
        37,
        context_length=32,
        num_layers=2,
        num_heads=4,
        width=16,
        dropout=0.0,
    )
    give = Weights(numbers)

    def both(layer, name):
        name = f"transformer.{name}"
        layer.set_weights(
            [give.take(f"{name}.weight"), give.take(f"{name}.bias")]
        )

    for layer, name in (("token_embedding", "wte"), ("positions", "wpe")):
        model.get_layer(layer).set_weights(
            [give.take(f"transformer.{name}.weight")]
        )
    both(model.get_layer("norm"), "ln_f")
    for index in range(2):
        block, name = model.get_layer(f"block_{index}"), f"h.{index}"
        both(block.norm_before, f"{name}.ln_1")
        both(block.norm_after, f"{name}.ln_2")
        attention, place = block.attention, f"transformer.{name}.attn.c_attn"
        kernels = np.split(give.take(f"{place}.weight"), 3, axis=1)
        biases = np.split(give.take(f"{place}.bias"), 3)
        layers = attention.query, attention.key, attention.value
        for layer, kernel, bias in zip(layers, kernels, biases, strict=True):
            layer.set_weights([kernel, bias])
        both(attention.out, f"{name}.attn.c_proj")
        both(block.feed_forward.up, f"{name}.mlp.c_fc")
        both(block.feed_forward.down, f"{name}.mlp.c_proj")
    return model


NAMES = [*MODELS, "hf_gpt2_beams"]


@pytest.mark.parametrize("name", NAMES)
def test_greedy_texts_are_the_same_token_for_token(name, writers):
    from keras_nn.generation import Sampler
    from keras_nn.generation import TokenGenerator

    model, numbers, asked = writers[name]
    generate = TokenGenerator(model, Sampler(0.0), jit_compile=False)
    texts = generate(max_new_tokens=12, **asked)
    assert texts == numbers["longest"].tolist()
    end = int(numbers["end"])
    generate = TokenGenerator(model, Sampler(0.0), end, jit_compile=False)
    texts = generate(max_new_tokens=12, **asked)
    assert texts == until(numbers["greedy"], end)


@pytest.mark.parametrize(
    ("name", "number"),
    [  # each search by two models; all of them pass
        *(("hf_marian", number) for number in (0, 3)),
        *(("hf_t5", number) for number in (1, 4)),
        *(("hf_t5_gated", number) for number in (2, 5, 3)),
        *(("hf_gpt2_beams", number) for number in (0, 1, 2, 4, 5)),
    ],
)
def test_beams_are_the_same_token_for_token(name, number, writers):
    from keras_nn.generation import BeamSearch

    model, numbers, asked = writers[name]
    end = int(numbers["end"])
    search = BeamSearch(model, *SEARCHES[number], end, jit_compile=False)
    texts = search(max_new_tokens=12, **asked)
    assert texts == until(numbers[f"beam/{number}"], end)


@pytest.mark.parametrize("name", NAMES)
def test_beams_without_a_forbidden_token(name, writers):
    from keras_nn.generation import BeamSearch

    model, numbers, asked = writers[name]
    end, token = int(numbers["end"]), int(numbers["forbidden"])
    search = BeamSearch(
        model, 3, stop_token=end, forbidden=[token], jit_compile=False
    )
    texts = search(max_new_tokens=12, **asked)
    assert texts == until(numbers["without_it"], end)
    assert all(token not in text for text in texts)


@pytest.mark.slow
def test_xla_changes_no_beam(writers):
    from keras_nn.generation import BeamSearch

    model, numbers, asked = writers["hf_t5"]
    end = int(numbers["end"])
    texts = BeamSearch(model, *SEARCHES[1], end)(max_new_tokens=12, **asked)
    assert texts == until(numbers["beam/1"], end)

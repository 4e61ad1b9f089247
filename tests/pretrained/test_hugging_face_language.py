import json

import numpy as np
import pytest

from keras_nn.data import PublishedTokenizer
from keras_nn.data import SubwordTokenizer
from keras_nn.models import BERT
from keras_nn.models import GPT2
from keras_nn.models import T5
from keras_nn.models import Llama
from keras_nn.pretrained import hugging_face
from keras_nn.pretrained.tensor_file import read_tensors
from keras_nn.pretrained.tensor_file import write_tensors

SIZES = {"num_layers": 1, "num_heads": 2, "width": 8}


def gpt():
    return GPT2(30, 6, name="source", **SIZES)


@pytest.fixture
def folder(tmp_path):
    hugging_face.save(gpt(), tmp_path)
    return tmp_path


@pytest.fixture
def tensors(folder):
    return read_tensors(folder / "model.safetensors")


def test_faults_of_the_weights_are_named(folder, tensors):
    weight = tensors.pop("transformer.h.0.mlp.c_fc.weight")
    tensors["transformer.more"] = np.zeros(2, "float32")
    tensors["transformer.ln_f.bias"] = np.zeros(3, "float32")
    path = folder / "model.safetensors"
    write_tensors(path, tensors)
    with pytest.raises(ValueError) as error:
        hugging_face.load(folder)
    message = str(error.value)
    assert "missing: ['transformer.h.0.mlp.c_fc.weight']" in message
    assert "left over: ['transformer.more']" in message
    assert "['transformer.ln_f.bias: (3,), not (8,)']" in message
    assert weight.shape == (8, 32)
    path.write_bytes(path.read_bytes()[:-4])
    with pytest.raises(ValueError, match="not a whole safetensors file"):
        hugging_face.load(folder)


def test_a_tied_tensor_may_be_there_twice_but_not_differ(folder, tensors):
    table = tensors["transformer.wte.weight"]
    model = gpt()
    hugging_face.assign(model, {**tensors, "lm_head.weight": table})
    with pytest.raises(ValueError, match="ties 'lm_head.weight'"):
        hugging_face.assign(model, {**tensors, "lm_head.weight": table + 1})
    # Only the copy is there: it is the table.
    del tensors["transformer.wte.weight"]
    hugging_face.assign(model, {**tensors, "lm_head.weight": table})
    np.testing.assert_array_equal(model.weights[0], table)


def test_names_of_early_files(folder, tensors):
    # The hub's first GPT-2 has no prefix, and stores its masks.
    early = {n.removeprefix("transformer."): t for n, t in tensors.items()}
    early["h.0.attn.bias"] = np.ones((1, 1, 6, 6), "float32")
    assert hugging_face.assign(gpt(), early) == len(gpt().weights)
    bert = BERT(30, 6, head="masked_lm", **SIZES)
    written = hugging_face.tensors(bert)
    renamed = {
        name.replace("LayerNorm.weight", "LayerNorm.gamma").replace(
            "LayerNorm.bias", "LayerNorm.beta"
        ): value
        for name, value in written.items()
    }
    assert renamed.keys() != written.keys()
    assert hugging_face.assign(bert, renamed) == len(bert.weights)


def test_an_encoder_with_and_without_its_head(tmp_path):
    model = BERT(30, 6, head="masked_lm", hidden_dim=12, **SIZES)
    hugging_face.save(model, tmp_path)
    features = hugging_face.load(tmp_path, include_top=False)
    assert features.head is None and features.output_shape == (None, None, 8)
    with pytest.raises(ValueError, match="missing: .'bert.pooler"):
        hugging_face.load(tmp_path, head="pooled")
    names = hugging_face.tensors(features)
    assert "embeddings.word_embeddings.weight" in names
    config = json.loads((tmp_path / "config.json").read_text())
    assert config["architectures"] == ["BertForMaskedLM"]


def test_a_model_and_a_tokenizer_that_do_not_belong_together(tmp_path):
    trained = SubwordTokenizer.train(["a man and a woman in a hat"] * 2, 50)
    assert trained.vocabulary_size > 20
    small = Llama(20, 6, num_key_value_heads=1, hidden_dim=8, **SIZES)
    with pytest.raises(ValueError, match="one of the model: it has more"):
        hugging_face.save(small, tmp_path, trained)
    model = Llama(64, 6, num_key_value_heads=1, hidden_dim=8, **SIZES)
    hugging_face.save(model, tmp_path, trained)
    tokenizer = hugging_face.load_tokenizer(tmp_path, model=model)
    assert isinstance(tokenizer, PublishedTokenizer)
    assert tokenizer.encode("a hat") == trained.encode("a hat")
    assert (tokenizer.padding_id, tokenizer.end_id) == (0, 3)
    with pytest.raises(ValueError, match="one of the model: it has more"):
        hugging_face.load_tokenizer(tmp_path, model=small)


@pytest.mark.parametrize(
    "config, message",
    [
        ({"model_type": "llama", "attention_bias": True}, "attention_bias"),
        ({"model_type": "llama", "head_dim": 7}, "head_dim"),
        (
            {"model_type": "llama", "rope_parameters": {"rope_type": "yarn"}},
            "Received: 'yarn'",
        ),
        ({"model_type": "bert", "hidden_act": "mish"}, "Received: 'mish'"),
        ({"model_type": "bert", "is_decoder": True}, "is_decoder"),
        ({"model_type": "gpt2", "tie_word_embeddings": False}, "tie_word"),
    ],
)
def test_refuses_networks_that_ours_cannot_equal(config, message, tmp_path):
    (tmp_path / "config.json").write_text(json.dumps(config))
    with pytest.raises(ValueError, match=message):
        hugging_face.load(tmp_path)


def test_refuses_to_write_what_theirs_is_not(tmp_path):
    with pytest.raises(ValueError, match="Received: use_bias=False"):
        hugging_face.save(GPT2(9, 6, use_bias=False, **SIZES), tmp_path)
    t5 = T5(9, key_dim=4, hidden_dim=8, activation="gelu", gated=True, **SIZES)
    with pytest.raises(ValueError, match="approximation by tanh"):
        hugging_face.save(t5, tmp_path)


def test_mistral_is_a_llama_with_a_window(tmp_path):
    model = Llama(9, 6, num_key_value_heads=1, hidden_dim=8, window=3, **SIZES)
    hugging_face.save(model, tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    assert config["model_type"] == "mistral"
    assert hugging_face.load(tmp_path).window == 3

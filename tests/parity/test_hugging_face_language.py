"""Language models of Hugging Face, from their files to ours and back."""

import json
from pathlib import Path

import numpy as np
import pytest
from keras import ops

from keras_nn.data import PublishedTokenizer
from keras_nn.pretrained import hugging_face
from keras_nn.pretrained.language_names import copies
from keras_nn.pretrained.tensor_file import read_tensors
from keras_nn.pretrained.tensor_file import write_tensors

FOLDER = Path(__file__).parent
RECORDED = json.loads((FOLDER / "hf_language.json").read_text("utf-8"))
# Their T5 does not divide scores by the root of 6, which rounds.
ROUNDED = "SelfAttention.q.weight", "EncDecAttention.q.weight"


def inputs(numbers, model):
    if "target" in numbers:
        return {"source": numbers["sources"], "target": numbers["target"]}
    return numbers["ids"]


@pytest.fixture(scope="module", params=RECORDED["networks"])
def loaded(request, tmp_path_factory):
    """A model of ours, from a folder as theirs is stored, and the numbers."""
    with np.load(FOLDER / f"{request.param}.npz") as file:
        numbers = dict(file)
    weights = {
        name.removeprefix("weight/"): value
        for name, value in numbers.items()
        if name.startswith("weight/")
    }
    folder = tmp_path_factory.mktemp(request.param)
    config = RECORDED["networks"][request.param]
    (folder / "config.json").write_text(json.dumps(config))
    write_tensors(folder / "model.safetensors", weights)
    more = {"segments": True} if request.param == "hf_bert" else {}
    return hugging_face.load(folder, **more), numbers, weights, config


def test_logits_of_a_loaded_model_are_theirs(loaded):
    model, numbers, _, _ = loaded
    given = inputs(numbers, model)
    if "segments" in numbers:
        given = {"ids": given, "segments": numbers["segments"]}
    logits = ops.convert_to_numpy(model(given))
    there = np.ones(logits.shape[:2], bool)
    if "labels" in numbers:  # encoders, with padding behind
        there = numbers["mask"].astype(bool)
    np.testing.assert_allclose(
        logits[there], numbers["logits"][there], atol=1e-4
    )


def test_tensors_go_back_bit_for_bit(loaded, tmp_path):
    model, _, weights, config = loaded
    hugging_face.save(model, tmp_path)
    written = read_tensors(tmp_path / "model.safetensors")
    tied = copies(model, hugging_face.language.prefix_of(model))
    left = {
        name
        for name in weights.keys() - written.keys() - tied.keys()
        if not name.startswith(("cls.seq_relationship", "bert.pooler"))
    }
    assert left == set() and written.keys() <= weights.keys()
    for name, value in written.items():
        if name == "roberta.embeddings.position_embeddings.weight":
            weights = {**weights, name: weights[name] * 1.0}
            weights[name][:2] = 0  # rows of padding, which nothing reads
        if config["model_type"] == "t5" and name.endswith(ROUNDED):
            np.testing.assert_allclose(value, weights[name], rtol=3e-7)
        else:
            np.testing.assert_array_equal(value, weights[name], name)
    # What is written is read as the same network.
    again = hugging_face.load(tmp_path)
    for one, other in zip(again.weights, model.weights, strict=True):
        np.testing.assert_allclose(one, other, rtol=3e-7)
    kept = json.loads((tmp_path / "config.json").read_text())
    differ = {
        name: (config.get(name), value)
        for name, value in kept.items()
        if name in config and config[name] != value
    }
    allowed = {"architectures"}
    if config["model_type"] == "t5":  # see the reader of configurations
        allowed.add("tie_word_embeddings")
    assert differ.keys() <= allowed, differ


@pytest.mark.parametrize("kind", RECORDED["tokenizers"])
def test_ids_of_a_published_tokenizer_are_theirs(kind, tmp_path):
    recorded = RECORDED["tokenizers"][kind]
    for name, text in recorded["files"].items():
        (tmp_path / name).write_text(text, "utf-8")
    tokenizer = PublishedTokenizer.load(tmp_path)
    assert tokenizer.encode_batch(RECORDED["texts"]) == recorded["ids"]
    if kind == "bert":
        ids = [getattr(tokenizer, f"{name}_id") for name in tokenizer.special]
        assert ids == [0, 1, 2, 3, 4]
    else:
        text = RECORDED["texts"][3]
        assert tokenizer.decode(tokenizer.encode(text)) == text

import warnings

import keras
import numpy as np
import pytest

from keras_nn import data
from keras_nn.applications import TokenClassifier
from keras_nn.applications import load
from keras_nn.models import RecurrentTagger
from keras_nn.testing import check_application

TEXTS = [
    "we saw New York , then Rome".split(),
    "in Rome it rains".split(),
    "New York is far".split(),
    "it rains".split(),
] * 4
TAGS = ["O", "B-place", "I-place"]
LABELS = [
    "O O B-place I-place O O B-place".split(),
    "O B-place O O".split(),
    "B-place I-place O O".split(),
    "O O".split(),
] * 4
TOKENIZER = data.WordTokenizer.of([" ".join(words) for words in TEXTS])
LETTERS = data.WordTokenizer.of([" ".join(w) for w in TEXTS], pattern=r"\S")
SMALL = {"width": 8, "units": 8, "character_width": 4, "filters": 4}


def make(**kwargs):
    network = RecurrentTagger(
        TOKENIZER.vocabulary_size, LETTERS.vocabulary_size, **SMALL, dropout=0.0
    )
    return TokenClassifier(network, TOKENIZER, TAGS, LETTERS, **kwargs)


@pytest.mark.slow
def test_conformance():
    def arguments():
        words = keras.Input((None,), dtype="int32")
        embedded = keras.layers.Embedding(7, 4, mask_zero=True)(words)
        network = keras.Model(words, keras.layers.Dense(4)(embedded))
        tokenizer = data.WordTokenizer("abcde")
        return {
            "backbone": network,
            "tokenizer": tokenizer,
            "class_names": TAGS,
        }

    ids = 1 + np.arange(15).reshape(5, 3) % 6
    tags = np.arange(15).reshape(5, 3) % 3
    # The classifier is in float32 whatever the network is in.
    check_application(TokenClassifier, arguments, ids, tags)


@pytest.fixture(scope="module")
def trained():
    keras.utils.set_random_seed(0)
    app = make()
    app.compile(keras.optimizers.Adam(3e-2))
    split = data.tagged_split(TEXTS, LABELS, TAGS)
    app.fit(split, validation_data=split, epochs=25, verbose=0)
    return app


@pytest.mark.slow
def test_learns_its_texts(trained):
    found = trained.evaluate(TEXTS, LABELS, verbose=0, return_dict=True)
    assert found["entity_f1"] == found["token_f1"] == 1.0
    assert trained.predict_tags(TEXTS) == LABELS


def test_strings_in_spans_out(trained):
    text = "We saw New York,  then Rome"
    spans, none = trained.predict_spans([text, " "])
    assert [(span["text"], span["label"]) for span in spans] == [
        ("New York", "place"),
        ("Rome", "place"),
    ]
    for span in spans:
        assert text[span["start"] : span["end"]] == span["text"]
    assert none == []


def test_long_texts_are_read_in_pieces(trained):
    trained.words.max_length = trained.max_length
    long = ["it"] * 127 + ["Rome", "rains"]
    tags = trained.predict_tags([long, ["Rome"]])
    assert [len(row) for row in tags] == [129, 1]
    assert tags[0][127] == "B-place"


def test_a_saved_file_holds_tokenizers_and_tags(trained, tmp_path):
    trained.save(tmp_path / "a.keras")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        loaded = load(tmp_path / "a.keras")
    assert loaded.predict_tags(TEXTS) == LABELS


def test_scores_of_texts_average_to_the_loss(trained):
    split = data.tagged_split(TEXTS, LABELS, TAGS)[np.arange(5)]
    metrics = trained.evaluate(split, verbose=0, return_dict=True)
    scores = trained.example_scores(split)["loss"]
    assert scores.mean() == pytest.approx(metrics["loss"], rel=1e-3, abs=1e-4)


def test_exports(trained, tmp_path):
    trained.export(tmp_path / "network", verbose=False)


@pytest.mark.slow
def test_instruments_show_what_is_found(trained, tmp_path):
    from keras_nn.testing import read_events

    split = data.tagged_split(TEXTS, LABELS, TAGS)
    callbacks = trained.inspectors(tmp_path, split)
    trained.fit(split, epochs=1, verbose=0, callbacks=callbacks)
    assert "tag_samples" in read_events(tmp_path)["validation"]


def test_the_signature_is_what_the_network_takes(trained):
    (signature,) = trained.input_signature()
    example = trained.example_inputs(2)
    assert set(signature) == set(example)
    assert trained.predict(example, verbose=0).shape[0] == 2


@pytest.mark.parametrize("jit_compile", [False, True])
def test_tags_out_of_range_are_refused_under_xla_too(jit_compile):
    app = make()
    app.compile("sgd", jit_compile=jit_compile)
    x, _ = app.prepared(TEXTS)
    with pytest.raises(ValueError, match="labels must lie in"):
        app.fit(x, np.full(x["words"].shape, 3), verbose=0)


def test_wrong_arguments_are_refused():
    network = RecurrentTagger(TOKENIZER.vocabulary_size, **SMALL)
    with pytest.raises(ValueError, match="and only such"):
        TokenClassifier(network, TOKENIZER, TAGS, LETTERS)
    with pytest.raises(ValueError, match="A tag must be O"):
        TokenClassifier(network, TOKENIZER, ["O", "place"])
    with pytest.raises(ValueError, match="Received: 3 and"):
        TokenClassifier(RecurrentTagger(3), TOKENIZER, TAGS)

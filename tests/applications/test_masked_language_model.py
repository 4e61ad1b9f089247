import warnings

import keras
import numpy as np
import pytest

from keras_nn import data
from keras_nn.applications import MaskedLanguageModel
from keras_nn.applications import load
from keras_nn.models import BERT
from keras_nn.testing import check_application

TEXT = "the cat sat on the mat and the dog lay by the door . " * 30
SPECIALS = ["[PAD]", "[UNK]", "[MASK]"]
TOKENIZER = data.WordTokenizer.of([TEXT], specials=SPECIALS)
SIZES = {"num_segments": 0, "num_layers": 1, "num_heads": 2, "width": 16}


def make(**kwargs):
    network = BERT(
        TOKENIZER.vocabulary_size,
        context_length=13,
        head="masked_lm",
        dropout=0.0,
        **SIZES,
    )
    arguments = {"max_length": 13, "steps_per_epoch": 60, **kwargs}
    return MaskedLanguageModel(network, TOKENIZER, **arguments)


@pytest.mark.slow
def test_conformance():
    def arguments():
        words = keras.Input((None,), dtype="int32")
        embedded = keras.layers.Embedding(8, 4)(words)
        network = keras.Model(words, keras.layers.Dense(8)(embedded))
        tokenizer = data.WordTokenizer("abcde", specials=SPECIALS)
        return {"backbone": network, "tokenizer": tokenizer}

    ids = np.arange(30).reshape(5, 6) % 8
    check_application(MaskedLanguageModel, arguments, ids, (ids + 1) % 8)


@pytest.fixture(scope="module")
def trained():
    keras.utils.set_random_seed(0)
    app = make()
    app.compile(keras.optimizers.Adam(1e-2))
    app.fit(TEXT, validation_data=TEXT[:200], epochs=3, verbose=0)
    return app


@pytest.mark.slow
def test_guesses_words_that_fit(trained):
    nouns = {"cat", "mat", "dog", "door"}
    (first,) = trained.fill("the [MASK] sat on the mat and the dog", top=4)
    assert {word for word, _ in first} == nouns
    assert sum(share for _, share in first) > 0.8
    both = trained.fill(["the dog [MASK] by the [MASK] . the cat"], top=1)
    (verb,), (noun,) = both[0]
    assert verb[0] in ("lay", "sat") and noun[0] in nouns


@pytest.mark.slow
def test_is_measured_on_words_that_stay_hidden(trained):
    first = trained.evaluate(TEXT, verbose=0, return_dict=True)
    again = trained.evaluate(data.TextSplit([TEXT]), verbose=0)
    assert first["loss"] == again[0] and first["accuracy"] > 0.45
    assert first["loss"] < 1.0  # all words alike: log 12 = 2.5
    assert first["perplexity"] == pytest.approx(np.exp(first["loss"]), 1e-4)


@pytest.mark.slow
def test_a_saved_file_holds_the_vocabulary(trained, tmp_path):
    trained.save(tmp_path / "a.keras")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        loaded = load(tmp_path / "a.keras")
    text = "the [MASK] sat"
    assert loaded.fill(text) == trained.fill(text)


@pytest.mark.slow
def test_instruments_show_guesses(trained, tmp_path):
    from keras_nn.testing import read_events

    text = data.TextSplit([TEXT])
    callbacks = trained.inspectors(tmp_path, text)
    trained.fit(trained.windows(text), epochs=1, verbose=0, callbacks=callbacks)
    assert "mask_samples" in read_events(tmp_path)["validation"]


def test_what_cannot_be_guessed_is_refused(trained):
    for text in ("the cat", "the cat " * 10 + "[MASK]"):
        with pytest.raises(ValueError, match="among its first 13 words"):
            trained.fill(text)
    plain = data.WordTokenizer.of([TEXT])
    network = BERT(plain.vocabulary_size, head="masked_lm", **SIZES)
    with pytest.raises(ValueError, match=r"Received: '\[MASK\]'"):
        MaskedLanguageModel(network, plain)

import warnings

import keras
import numpy as np
import pytest

from keras_nn import data
from keras_nn.applications import TextGenerator
from keras_nn.applications import load
from keras_nn.models import GPT2
from keras_nn.testing import check_application

TEXT = "the cat sat on the mat and the dog sat on the cat. " * 40
TOKENIZER = data.CharacterTokenizer.of(TEXT)


def make(**kwargs):
    size = TOKENIZER.vocabulary_size
    network = GPT2(size, 16, 1, 2, 16, dropout=0.0)
    arguments = {"steps_per_epoch": 60, **kwargs}
    return TextGenerator(network, TOKENIZER, **arguments)


@pytest.mark.slow
def test_conformance():
    def arguments():
        network = GPT2(5, 6, 1, 2, 8, dropout=0.0)
        return {
            "backbone": network,
            "tokenizer": data.CharacterTokenizer("abcde"),
        }

    ids = np.arange(36).reshape(6, 6) % 5
    check_application(TextGenerator, arguments, ids, (ids + 1) % 5, epochs=15)


@pytest.fixture(scope="module")
def trained():
    keras.utils.set_random_seed(0)
    app = make()
    app.compile(keras.optimizers.Adam(1e-2))
    app.fit(TEXT, validation_data=TEXT[:200], epochs=2, verbose=0)
    return app


@pytest.mark.slow
def test_learns_a_text_by_heart(trained):
    loss, perplexity, bits = trained.evaluate(TEXT, verbose=0)
    assert loss < 0.5
    assert perplexity == pytest.approx(np.exp(loss), rel=1e-4)
    assert bits == pytest.approx(loss / np.log(2), rel=1e-4)


def test_strings_in_strings_out(trained):
    text = trained.generate("the cat", 40, temperature=0.0)
    assert isinstance(text, str) and len(text) == 40
    assert "the cat" in text
    both = trained.generate(["the cat", "a"], 10, temperature=0.0)
    assert both[0] == text[:10]
    found = []
    streamed = trained.generate("the", 30, seed=5, on_text=found.append)
    assert "".join(part[0] for part in found) == streamed
    ended = trained.generate("the cat", 90, temperature=0.0, stop=text[2])
    assert ended == text[: text.index(text[2]) + 1]


def test_a_saved_file_holds_the_vocabulary(trained, tmp_path):
    trained.save(tmp_path / "a.keras")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        loaded = load(tmp_path / "a.keras")
    assert loaded.generate("the", 20) == trained.generate("the", 20)
    before = trained.evaluate(TEXT[:300], verbose=0)
    assert loaded.evaluate(TEXT[:300], verbose=0) == before


def test_gains_never_decay_after_loading_either(tmp_path):
    app = make()
    app.compile()
    app.save(tmp_path / "a.keras")
    for one in (app, load(tmp_path / "a.keras")):
        decays = {
            weight.path.split("/")[-1]: one.optimizer._use_weight_decay(weight)
            for weight in one.trainable_variables
        }
        assert decays["kernel"] and decays["embeddings"]
        assert not decays["gamma"] and not decays["bias"]


def test_scores_of_windows_average_to_the_metrics(trained):
    split = data.TextSplit([TEXT[:250]])  # its last window is not full
    metrics = trained.evaluate(split, verbose=0, return_dict=True)
    scores = trained.example_scores(split)
    for name, values in scores.items():
        assert values.mean() == pytest.approx(metrics[name], rel=1e-4)
    assert len(values) == 16


def test_exports(trained, tmp_path):
    trained.export(tmp_path / "network", verbose=False)


def test_what_cannot_be_said_is_refused(trained):
    with pytest.raises(ValueError, match=r"'Z' \(U\+005A\) at position 3"):
        trained.generate("theZ")
    with pytest.raises(ValueError, match=r"prompts of \[0\] tokens"):
        trained.generate("")
    with pytest.raises(ValueError, match="Received: stop='at'"):
        trained.generate("the", stop="at")
    with pytest.raises(ValueError, match="Received: 100 and 5 tokens"):
        trained.generate(TEXT[:100], 5, overflow="error")
    assert len(trained.generate(TEXT[:100], 5)) == 5
    with pytest.raises(ValueError, match="Received: 5 and"):
        TextGenerator(GPT2(5, 6, 1, 2, 8), TOKENIZER)


@pytest.mark.parametrize("jit_compile", [False, True])
def test_ids_out_of_range_are_refused_under_xla_too(jit_compile):
    app = make()
    app.compile("sgd", jit_compile=jit_compile)
    ids = np.full((2, 16), TOKENIZER.vocabulary_size)
    with pytest.raises(ValueError, match="ids of input 0 must lie in"):
        app.fit(ids, np.zeros_like(ids), verbose=0)

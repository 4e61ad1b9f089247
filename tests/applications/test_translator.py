import warnings

import keras
import numpy as np
import pytest

from keras_nn import data
from keras_nn.applications import Translator
from keras_nn.applications import load
from keras_nn.models import TransformerSeq2Seq
from keras_nn.testing import check_application

pytest.importorskip("tokenizers")
pytest.importorskip("sacrebleu")
WORDS = "zero one two three four five".split()


def pairs(count, seed=0):
    generator = np.random.default_rng(seed)
    numbers = [
        generator.integers(0, 6, generator.integers(1, 5)) for _ in range(count)
    ]
    return data.TextPairs(
        [" ".join(WORDS[i] for i in one) for one in numbers],
        [" ".join(map(str, one)) for one in numbers],
    )


PAIRS = pairs(400)
TOKENIZER = data.SubwordTokenizer.train(PAIRS.sources + PAIRS.targets, 60)


def network(**kwargs):
    arguments = {
        "num_layers": 1,
        "num_heads": 2,
        "width": 32,
        "hidden_dim": 32,
        "dropout": 0.0,
        "norm_first": True,
        "context_length": 24,
        **kwargs,
    }
    return TransformerSeq2Seq(TOKENIZER.vocabulary_size, **arguments)


@pytest.mark.slow
def test_conformance():
    def arguments():
        return {
            "backbone": network(width=8, hidden_dim=8),
            "tokenizer": TOKENIZER,
        }

    x = {
        "source": 4 + np.arange(30).reshape(6, 5) % 9,
        "target": 4 + np.arange(24).reshape(6, 4) % 9,
    }
    labels = np.where(np.arange(24).reshape(6, 4) % 5, x["target"], -1)
    check_application(Translator, arguments, x, labels, epochs=15)


def after(epochs):
    keras.utils.set_random_seed(0)
    app = Translator(
        network(), TOKENIZER, max_length=12, num_beams=3, label_smoothing=0.0
    )
    app.compile(keras.optimizers.Adam(4e-3))
    app.fit(PAIRS, batch_size=40, epochs=epochs, verbose=0)
    return app


@pytest.fixture(scope="module")
def trained():
    return after(epochs=2)


@pytest.fixture(scope="module")
def learnt():
    return after(epochs=70)


@pytest.mark.slow
def test_learns_to_translate(learnt):
    results = learnt.evaluate(pairs(60, 1), verbose=0, return_dict=True)
    assert results["exact_match"] > 0.9
    assert results["bleu"] > 80 and results["chrf"] > 80
    assert set(results) == {"loss", "perplexity", "bleu", "chrf", "exact_match"}


@pytest.mark.slow
def test_strings_in_strings_out(learnt):
    assert learnt.translate("two zero one") == "2 0 1"
    assert learnt.predict(["two", "three two"]) == ["2", "3 2"]
    assert learnt.translate("two zero", num_beams=1) == "2 0"
    (beams,) = learnt.beams(["two zero"])
    assert len(beams) == 3 and beams[0][0] == "2 0"
    assert beams[0][1] > beams[1][1]
    assert "2" not in learnt.translate("two", forbidden=["2"])


def test_a_saved_file_holds_the_tokenizer(trained, tmp_path):
    trained.save(tmp_path / "a.keras")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        loaded = load(tmp_path / "a.keras")
    assert loaded.translate("five one") == trained.translate("five one")


def test_lines_of_a_file(trained, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("two\n\none one\n")
    rows = trained.predict_path(path, top=2)
    assert [row["rank"] for row in rows] == [1, 2, 1, 2]
    (texts,) = trained.beams(["one one"])
    assert rows[2]["translation"] == texts[0][0]
    path.write_text("\n")
    with pytest.raises(ValueError, match="must be a line to translate"):
        trained.predict_path(path)


@pytest.mark.slow
def test_exports(trained, tmp_path):
    trained.export(tmp_path / "network", verbose=False)


def test_batches_leave_out_what_is_too_long():
    app = Translator(network(), TOKENIZER, max_length=4)
    with pytest.warns(UserWarning, match="pairs have more than 4 tokens"):
        batches = app.batches(PAIRS, 16)
    assert batches.left_out > 0 and batches.lengths[-1] == 4
    app = Translator(network(), TOKENIZER, max_length=1)
    with pytest.raises(ValueError, match="No pair has at most 1 tokens"):
        app.batches(PAIRS, 16)


def test_refuses(trained):
    with pytest.raises(ValueError, match="Received: 0 tokens"):
        trained.translate("")
    with pytest.raises(ValueError, match="between 1 and 11 tokens"):
        trained.translate("one " * 20)
    with pytest.raises(ValueError, match="agree in `vocabulary_size`"):
        Translator(TransformerSeq2Seq(9, num_layers=1, width=8), TOKENIZER)
    with pytest.raises(ValueError, match="agree in `end_id`"):
        Translator(network(end_id=2), TOKENIZER)
    with pytest.raises(ValueError, match="words of one token each"):
        trained.translate("two", forbidden=["two hundred"])


@pytest.mark.parametrize("jit_compile", [False, True])
def test_ids_out_of_range_are_refused_under_xla_too(jit_compile):
    app = Translator(network(), TOKENIZER)
    app.compile("sgd", jit_compile=jit_compile)
    ids = np.full((2, 4), TOKENIZER.vocabulary_size)
    x = {"source": np.ones_like(ids), "target": ids}
    with pytest.raises(ValueError, match="ids of input 1 must lie in"):
        app.fit(x, np.ones_like(ids), verbose=0)


def test_xla_compiles_once_a_bucket():
    app = Translator(network(), TOKENIZER, max_length=12, dynamic=False)
    app.compile("sgd", jit_compile=False)
    batches = app.batches(PAIRS, 40)
    shapes = {x["source"].shape for x, _ in batches.at(0).as_numpy_iterator()}
    assert len(shapes) == len(batches.lengths) <= 10

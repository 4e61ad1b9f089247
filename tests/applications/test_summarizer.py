import warnings

import keras
import numpy as np
import pytest

from keras_nn import data
from keras_nn.applications import Summarizer
from keras_nn.applications import fit_recipe
from keras_nn.applications import load
from keras_nn.applications import summarizer_recipes as recipes
from keras_nn.models import TransformerSeq2Seq
from keras_nn.testing import check_application

pytest.importorskip("tokenizers")
NOUNS = "cat dog hen fox cow".split()


def documents(count, seed=0):
    """What is to be summarised stands behind "the"; all else is noise."""
    generator = np.random.default_rng(seed)
    sources, targets = [], []
    for _ in range(count):
        words = generator.choice(["one", "two", "red", "old"], 5).tolist()
        noun = NOUNS[generator.integers(5)]
        words.insert(generator.integers(4), f"the {noun}")
        sources.append(" ".join(words))
        targets.append(f"a {noun}")
    return data.TextPairs(sources, targets)


PAIRS = documents(300)
TOKENIZER = data.SubwordTokenizer.train(PAIRS.sources + PAIRS.targets, 60)


def network(**kwargs):
    arguments = {"num_layers": 1, "num_heads": 2, "width": 32, **kwargs}
    return TransformerSeq2Seq(
        TOKENIZER.vocabulary_size,
        hidden_dim=32,
        dropout=0.0,
        norm_first=True,
        context_length=24,
        **arguments,
    )


@pytest.mark.slow
def test_conformance():
    def arguments():
        return {"backbone": network(width=8), "tokenizer": TOKENIZER}

    x = {
        "source": 4 + np.arange(30).reshape(6, 5) % 9,
        "target": 4 + np.arange(24).reshape(6, 4) % 9,
    }
    labels = np.where(np.arange(24).reshape(6, 4) % 5, x["target"], -1)
    # Replicas, XLA and half precision are those of the translator: one class.
    rest = dict.fromkeys(("half", "jit", "replicas", "accumulate"), False)
    check_application(Summarizer, arguments, x, labels, epochs=15, **rest)


def after(epochs):
    keras.utils.set_random_seed(0)
    app = Summarizer(
        network(), TOKENIZER, 12, 6, num_beams=2, label_smoothing=0.0
    )
    app.compile(keras.optimizers.Adam(4e-3))
    app.fit(PAIRS, batch_size=50, epochs=epochs, verbose=0)
    return app


@pytest.fixture(scope="module")
def trained():
    return after(epochs=1)


@pytest.mark.slow
def test_learns_what_matters():
    learnt = after(epochs=30)
    results = learnt.evaluate(documents(50, 1), verbose=0, return_dict=True)
    assert results["rouge1"] > 0.9 and results["rouge2"] > 0.8
    assert set(results) - {"rouge1", "rouge2", "rougeL"} == {
        "loss",
        "perplexity",
    }
    assert learnt.summarize("old old the hen one") == "a hen"
    assert learnt.predict(["the fox two"]) == ["a fox"]


@pytest.mark.slow
def test_long_documents_are_cut_and_long_summaries_left_out(trained):
    (cut,) = trained.beams(["the cow " + "one " * 50])
    assert cut == trained.beams(["the cow " + "one " * 9])[0]
    assert len(trained.batches(PAIRS, 16)._sources) == len(PAIRS)
    with pytest.raises(ValueError, match="Received: 0 tokens"):
        trained.summarize("")
    short = Summarizer(network(), TOKENIZER, 12, summary_length=2)
    with pytest.raises(ValueError, match="No summary has less than 2"):
        short.batches(PAIRS, 16)
    some = data.TextPairs(["one", "two"], ["a", "a cat the dog two red old"])
    with pytest.warns(UserWarning, match="1 of 2 summaries have more than"):
        assert len(trained.batches(some, 16)._sources) == 1
    with pytest.raises(ValueError, match="between 2 and `max_length`"):
        Summarizer(network(), TOKENIZER, 12, summary_length=13)


@pytest.mark.slow
def test_a_saved_file_summarises_alike(trained, tmp_path):
    trained.save(tmp_path / "a.keras")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        loaded = load(tmp_path / "a.keras")
    assert loaded.summary_length == 6
    assert loaded.summarize("one the cat") == trained.summarize("one the cat")


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_reads_own_documents(trained, tmp_path, ending):
    rows = {
        "csv": ["document,summary", *["the cat sat down,cat"] * 40],
        "jsonl": ['{"document": "the cat sat down", "summary": "cat"}'] * 40,
    }[ending]
    path = tmp_path / f"a.{ending}"
    path.write_text("\n".join(rows))
    settings = Summarizer.default_settings()
    splits = Summarizer.read_data(str(path), None, 0, settings)
    assert splits.train.targets[0] == "cat" and len(splits.test) == 4
    assert len(trained.read_test(str(path), settings)) == 40
    rows = trained.predict_path(path)
    assert rows[0]["document"] == "the cat sat down" and rows[0]["rank"] == 1


def test_a_recipe_makes_an_application():
    recipe = recipes.RECIPES[1]
    small = {"vocabulary_size": 60, "num_layers": 1, "width": 16}
    settings = {**Summarizer.default_settings(), **small, "hidden_dim": 16}
    app = Summarizer.from_recipe(
        recipe,
        data.Splits(PAIRS, None, None),
        epochs=2,
        batch_size=30,
        **settings,
    )
    assert app.summary_length == 64 and app.max_length == 256
    assert app.optimizer.use_ema and app.tokenizer.vocabulary_size <= 60


@pytest.mark.slow
def test_docstrings_get_first_lines(tmp_path):
    run = fit_recipe("summarizer", log_dir=tmp_path, verbose=2)
    assert recipes.RECIPES[0].name == run.config["recipe"]
    assert run.metrics["test"]["rougeL"] > 0.1

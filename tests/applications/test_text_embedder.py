import warnings

import keras
import numpy as np
import pytest

from keras_nn import data
from keras_nn.applications import TextEmbedder
from keras_nn.applications import TextIndex
from keras_nn.applications import fit_recipe
from keras_nn.applications import load
from keras_nn.applications import text_embedder_recipes as recipes
from keras_nn.testing import check_application

ANIMALS = "cat dog hen fox cow pig bee owl".split()
SOUNDS = "meow woof cluck yap moo oink buzz hoot".split()


def pairs(count, seed=0):
    """An animal and its sound, each among words that mean nothing."""
    generator = np.random.default_rng(seed)
    texts, partners = [], []
    for _ in range(count):
        which = generator.integers(8)
        some = generator.choice(["one", "two", "old"], 2)
        texts.append(f"{some[0]} {ANIMALS[which]}")
        partners.append(f"{SOUNDS[which]} it says {some[1]}")
    return data.TextPairs(texts, partners)


PAIRS = pairs(200)
TOKENIZER = data.WordTokenizer.of(PAIRS.sources + PAIRS.targets)
SETTINGS = {
    **TextEmbedder.default_settings(),
    "network": "words",
    "width": 16,
    "dropout": 0.0,
}


def make(**kwargs):
    network = recipes.encoder(TOKENIZER.vocabulary_size, SETTINGS)
    return TextEmbedder(network, TOKENIZER, max_length=8, **kwargs)


@pytest.mark.slow
def test_conformance():
    def arguments():
        ids = keras.Input((None,), dtype="int32")
        x = keras.layers.Embedding(9, 6)(ids)
        network = keras.Model(ids, keras.layers.Dense(5)(x))
        return {"backbone": network, "tokenizer": data.WordTokenizer("abcdefg")}

    x = {
        "text": np.arange(35).reshape(7, 5) % 9,
        "partner": np.arange(28).reshape(7, 4) % 8,
    }
    # A batch of half the size has half the negatives; in half precision the
    # first steps only find a scale.
    check_application(TextEmbedder, arguments, x, epochs=12, accumulate=False)


@pytest.fixture(scope="module")
def trained():
    keras.utils.set_random_seed(0)
    app = make()
    app.compile(keras.optimizers.Adam(2e-2))
    app.fit(PAIRS, batch_size=20, epochs=8, verbose=0)
    return app


@pytest.mark.slow
def test_learns_what_belongs_together(trained):
    one_each = data.TextPairs(
        [f"one {animal}" for animal in ANIMALS],
        [f"{sound} it says old" for sound in SOUNDS],
    )
    results = trained.evaluate(one_each, verbose=0, return_dict=True)
    assert results["recall_at_1"] > 0.9 and results["mrr"] > 0.9
    assert results["recall_at_10"] == 1
    scores = trained.example_scores(one_each)
    assert scores["mrr"].mean() == pytest.approx(results["mrr"])


def test_searches_an_index_that_is_saved(trained, tmp_path):
    trained.index([f"{sound} it says" for sound in SOUNDS]).save(
        tmp_path / "a.npz"
    )
    index = TextIndex.load(tmp_path / "a.npz")
    ((best, cosine),) = trained.search("old cow", index, top=1)
    assert best == "moo it says" and 0.5 < cosine <= 1.001
    found = trained.search(["two bee", "one owl"], index, top=2)
    assert [row[0][0] for row in found] == ["buzz it says", "hoot it says"]
    assert len(index) == 8 and len(found[0]) == 2


def test_vectors_have_length_one_and_ignore_padding(trained):
    alone = trained.embed(["cat"])
    together = trained.predict(["cat", "one " * 8], verbose=0)
    np.testing.assert_allclose(together[:1], alone, rtol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, rtol=1e-5)


def test_texts_alone_are_told_apart_by_dropout():
    keras.utils.set_random_seed(0)
    network = recipes.encoder(
        TOKENIZER.vocabulary_size, {**SETTINGS, "dropout": 0.3}
    )
    app = TextEmbedder(network, TOKENIZER, max_length=8)
    app.compile(keras.optimizers.Adam(1e-2))
    history = app.fit(ANIMALS, epochs=15, verbose=0).history["loss"]
    assert history[0] > 0.05 and history[-1] < history[0]
    same = data.TextPairs(ANIMALS, ANIMALS)
    assert "mrr" not in app.evaluate(same, verbose=0, return_dict=True)


def test_a_saved_file_embeds_alike(trained, tmp_path):
    trained.save(tmp_path / "a.keras")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        loaded = load(tmp_path / "a.keras")
    np.testing.assert_allclose(
        loaded.embed(ANIMALS), trained.embed(ANIMALS), rtol=1e-6
    )


def test_ids_out_of_range_are_refused():
    app = make()
    app.compile()
    ids = np.full((4, 3), TOKENIZER.vocabulary_size)
    with pytest.raises(ValueError, match="ids of input .* must lie in"):
        app.fit({"text": np.ones_like(ids), "partner": ids}, verbose=0)
    with pytest.raises(ValueError, match="must lie in"):
        app.predict(ids, verbose=0)


@pytest.mark.parametrize("ending", ["csv", "txt"])
def test_a_run_on_own_texts(tmp_path, ending):
    lines = {
        "csv": ["query,text", *[f"a{i} cat,b{i} dog" for i in range(40)]],
        "txt": [f"a{i} cat and b{i % 7}" for i in range(40)],
    }[ending]
    path = tmp_path / f"mine.{ending}"
    path.write_text("\n".join(lines))
    small = {"network": "words", "width": 8, "min_count": 1}
    run = fit_recipe(
        "text-embedder",
        data=str(path),
        epochs=1,
        settings=small,
        log_dir=tmp_path,
        verbose=0,
    )
    assert run.config["recipe"] == "texts"
    assert ("mrr" in run.metrics["test"]) == (ending == "csv")
    assert (run.path / "validation" / "texts.metadata.tsv").exists()
    rows = run.load().predict_path(path, top=2)
    assert rows[0]["rank"] == 1 and rows[0]["nearest"] != rows[0]["text"]
    run.load().export(str(tmp_path / "encoder"))


@pytest.mark.slow
def test_first_lines_find_docstrings(tmp_path):
    run = fit_recipe("text-embedder", log_dir=tmp_path, verbose=2)
    assert run.metrics["test"]["recall_at_10"] > 0.4

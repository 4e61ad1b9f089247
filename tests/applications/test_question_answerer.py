import json
import warnings

import keras
import numpy as np
import pytest

from keras_nn import data
from keras_nn.applications import QuestionAnswerer
from keras_nn.applications import fit_recipe
from keras_nn.applications import load
from keras_nn.applications import question_answerer_recipes as recipes
from keras_nn.models import BERT
from keras_nn.testing import check_application

COLOURS = "red green blue grey pink".split()
THINGS = "cat dog hen fox".split()


def questions(count, seed=0, unanswerable=True):
    """Which colour a thing has, in a text about two of them."""
    generator = np.random.default_rng(seed)
    rows = []
    for number in range(count):
        some = generator.permutation(THINGS)[:3]
        colours = generator.permutation(COLOURS)[:2]
        context = f"the {some[0]} is {colours[0]} ; " * 2
        context += f"the {some[1]} is {colours[1]}"
        which = number % (3 if unanswerable else 2)
        answers = []
        if which < 2:
            start = context.index(f"the {some[which]} is ")
            start = context.index(colours[which], start)
            answers = [(str(colours[which]), start)]
        rows.append((f"what is the {some[which]} ?", context, answers))
    return data.Questions(*zip(*rows, strict=True))


TRAIN = questions(240)
TOKENIZER = data.WordTokenizer.of(
    TRAIN.questions + TRAIN.contexts, specials=recipes.SPECIALS
)
SETTINGS = {
    **QuestionAnswerer.default_settings(),
    "network": "recurrent",
    "num_layers": 1,
    "width": 32,
    "dropout": 0.0,
}


def make(**kwargs):
    network = recipes.reader(TOKENIZER.vocabulary_size, SETTINGS)
    arguments = {"max_length": 32, "stride": 10, **kwargs}
    return QuestionAnswerer(network, TOKENIZER, **arguments)


@pytest.mark.slow
def test_conformance():
    def arguments():
        ids, segments = (
            keras.Input((None,), dtype="int32", name=name)
            for name in ("ids", "segments")
        )
        x = keras.layers.Embedding(9, 8)(ids)
        x = x + keras.layers.Embedding(3, 8)(segments)
        network = keras.Model({"ids": ids, "segments": segments}, x)
        tokenizer = data.WordTokenizer("abcde", specials=recipes.SPECIALS)
        return {"backbone": network, "tokenizer": tokenizer}

    x = {
        "ids": np.arange(30).reshape(5, 6) % 9,
        "segments": np.array([[0, 0, 1, 2, 1, 0]] * 5),
    }
    y = np.array([[0, 0], [2, 3], [4, 4], [2, 2], [3, 4]])
    check_application(QuestionAnswerer, arguments, x, y)


@pytest.fixture(scope="module")
def trained():
    keras.utils.set_random_seed(0)
    app = make()
    app.compile(keras.optimizers.Adam(1e-2))
    app.fit(TRAIN, epochs=12, verbose=0)
    return app


@pytest.mark.slow
def test_learns_to_find_answers_and_that_there_is_none(trained):
    results = trained.evaluate(questions(60, 1), verbose=0, return_dict=True)
    assert results["exact_match"] > 0.9 and results["f1"] > 0.9
    context = "the cat is red ; the dog is blue"
    found = trained.answer("what is the dog ?", context)
    assert context[found["start"] : found["end"]] == found["text"] == "blue"
    none = trained.answer("what is the hen ?", context)
    assert none["text"] == "" and none["start"] is None and none["score"] < 0
    first, second = trained.answer("what is the cat ?", context, top=2)
    assert first["text"] == "red" and first["score"] > second["score"]


@pytest.mark.slow
def test_answers_far_behind_in_long_texts(trained):
    context = "the fox is grey ; " * 3 + "the dog is blue"
    context = "the fox is grey ; " * 20 + context
    found = trained.answer(["what is the dog ?"], [context])[0]
    assert found["text"] == "blue" and found["start"] == len(context) - 4


@pytest.mark.slow
def test_a_saved_file_answers_alike(trained, tmp_path):
    trained.save(tmp_path / "a.keras")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        loaded = load(tmp_path / "a.keras")
    asked = "what is the dog ?", "the dog is pink ; the cat is red"
    assert loaded.answer(*asked) == trained.answer(*asked)


@pytest.mark.slow
def test_instruments_show_answers(trained, tmp_path):
    from keras_nn.testing import read_events

    sample = questions(6, 2)
    instruments = trained.inspectors(tmp_path, sample)
    trained.fit(sample, epochs=1, verbose=0, callbacks=instruments)
    events = read_events(tmp_path)["validation"]
    assert {"answers/samples", "answers/f1", "answers/refused"} <= set(events)


@pytest.mark.slow
def test_without_refusal_there_is_always_an_answer():
    app = make(may_refuse=False)
    app.compile()
    app.fit(questions(20, unanswerable=False), verbose=0)
    answers = app.answer(["what is the hen ?"], ["the cat is red"])
    assert answers[0]["text"]


def test_reads_with_bert():
    network = BERT(
        TOKENIZER.vocabulary_size, 32, 3, True, 1, num_heads=2, width=8
    )
    app = QuestionAnswerer(network, TOKENIZER, 32, stride=8)
    (found,) = app.answer(["what ?"], ["the cat is red"], top=3)
    assert len(found) == 3
    few = BERT(TOKENIZER.vocabulary_size, 32, 2, True, 1, 2, 8)
    with pytest.raises(ValueError, match="3 kinds of segment. Received: 2"):
        QuestionAnswerer(few, TOKENIZER)
    plain = BERT(TOKENIZER.vocabulary_size, 32, 2, False, 1, 2, 8)
    with pytest.raises(ValueError, match="a dict of `ids` and `segments`"):
        QuestionAnswerer(plain, TOKENIZER)


def squad(asked):
    paragraphs = [
        {
            "context": context,
            "qas": [
                {
                    "question": question,
                    "is_impossible": not answers,
                    "answers": [
                        {"text": text, "answer_start": start}
                        for text, start in answers
                    ],
                }
            ],
        }
        for question, context, answers in zip(
            asked.questions, asked.contexts, asked.answers, strict=True
        )
    ]
    return {"version": "v2.0", "data": [{"paragraphs": paragraphs}]}


@pytest.mark.slow
def test_a_run_on_own_questions(tmp_path, monkeypatch):
    monkeypatch.setattr(QuestionAnswerer, "inspectors", lambda *a, **k: [])
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(squad(questions(60))))
    small = {"network": "recurrent", "num_layers": 1, "width": 16}
    run = fit_recipe(
        "question-answerer",
        data=str(path),
        epochs=1,
        settings=small,
        log_dir=tmp_path,
        verbose=0,
    )
    assert run.config["recipe"] == "questions"
    assert {"exact_match", "f1"} <= set(run.metrics["test"])
    rows = run.load().predict_path(path)
    assert len(rows) == 60 and rows[0]["question"].startswith("what is")


@pytest.mark.slow
def test_defaults_are_found_in_signatures(tmp_path):
    run = fit_recipe("question-answerer", log_dir=tmp_path, verbose=2)
    assert run.metrics["test"]["f1"] > 0.8

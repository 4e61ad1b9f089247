import warnings

import keras
import numpy as np
import pytest

from keras_nn import data
from keras_nn.applications import TextClassifier
from keras_nn.applications import load
from keras_nn.models import BERT
from keras_nn.models import TextCNN
from keras_nn.testing import check_application

GOOD = ["a fine film", "so well made", "the fine cast", "made with wit"]
BAD = ["a dull film", "so badly made", "the dull cast", "made with fog"]
TEXTS = (GOOD + BAD) * 4
LABELS = ([1] * 4 + [0] * 4) * 4
TOKENIZER = data.WordTokenizer.of(TEXTS)


def make(**kwargs):
    network = TextCNN(
        False, vocabulary_size=TOKENIZER.vocabulary_size, width=8, filters=4
    )
    return TextClassifier(network, TOKENIZER, 2, ["bad", "good"], **kwargs)


def test_conformance():
    def arguments():
        network = TextCNN(False, vocabulary_size=7, width=6, filters=4)
        tokenizer = data.WordTokenizer("abcde")
        return {"backbone": network, "tokenizer": tokenizer, "num_classes": 3}

    ids = np.arange(30).reshape(5, 6) % 7
    check_application(TextClassifier, arguments, ids, np.arange(5) % 3)


@pytest.fixture(scope="module")
def trained():
    keras.utils.set_random_seed(0)
    app = make()
    app.compile(keras.optimizers.Adam(1e-2))
    split = data.text_split(TEXTS, LABELS)
    app.fit(split, validation_data=split, epochs=15, verbose=0)
    return app


def test_strings_in_labels_out(trained):
    loss, accuracy = trained.evaluate(TEXTS, np.array(LABELS), verbose=0)
    assert accuracy == 1.0 and loss < 0.3
    (ranked,) = trained.predict_labels(["a fine cast"])
    assert [name for name, _ in ranked] == ["good", "bad"]
    assert sum(p for _, p in ranked) == pytest.approx(1)


def test_a_saved_file_holds_the_vocabulary(trained, tmp_path):
    trained.save(tmp_path / "a.keras")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        loaded = load(tmp_path / "a.keras")
    assert loaded.predict_labels(TEXTS) == trained.predict_labels(TEXTS)


def test_padding_and_company_change_nothing(trained):
    alone = trained.predict(["fine"], verbose=0)
    together = trained.predict(["fine", "a " * 90], verbose=0)
    np.testing.assert_allclose(together[:1], alone, rtol=1e-5)


def test_tokens_are_averaged_where_the_network_ends_in_them():
    ids = keras.Input((None,), dtype="int32")
    size = TOKENIZER.vocabulary_size
    embedded = keras.layers.Embedding(size, 4, mask_zero=True)(ids)
    app = TextClassifier(keras.Model(ids, embedded), TOKENIZER, 2)
    alone = app.predict(["fine"], verbose=0)
    together = app.predict(["fine", "a " * 20], verbose=0)
    np.testing.assert_allclose(together[:1], alone, rtol=1e-5)


def test_reads_with_bert():
    size = TOKENIZER.vocabulary_size
    for head in (None, "pooled"):
        network = BERT(size, 16, num_layers=1, num_heads=2, width=4, head=head)
        app = TextClassifier(network, TOKENIZER, 2, max_length=16)
        alone = app.predict(["fine"], verbose=0)
        together = app.predict(["fine", "a " * 12], verbose=0)
        np.testing.assert_allclose(together[:1], alone, rtol=1e-5)


def test_scores_of_texts_average_to_the_metrics(trained):
    split = data.text_split(TEXTS[:5] + ["a film"], [*LABELS[:5], 0])
    metrics = trained.evaluate(split, verbose=0, return_dict=True)
    for name, values in trained.example_scores(split).items():
        assert values.mean() == pytest.approx(metrics[name], rel=1e-4)


def test_exports(trained, tmp_path):
    trained.export(tmp_path / "network", verbose=False)


def test_instruments_look_at_the_texts(trained, tmp_path):
    from keras_nn.testing import read_events

    split = data.text_split(TEXTS, LABELS)
    callbacks = trained.inspectors(tmp_path, split)
    trained.fit(split, epochs=1, verbose=0, callbacks=callbacks)
    tags = read_events(tmp_path)["validation"]
    for tag in ("worst_texts", "confusion_matrix/by_class"):
        assert tag in tags
    assert list((tmp_path / "validation").glob("*.pbtxt"))


@pytest.mark.parametrize("jit_compile", [False, True])
def test_ids_out_of_range_are_refused_under_xla_too(jit_compile):
    app = make()
    app.compile("sgd", jit_compile=jit_compile)
    ids = np.full((2, 16), TOKENIZER.vocabulary_size)
    with pytest.raises(ValueError, match="ids of input 0 must lie in"):
        app.fit(ids, np.zeros(2), verbose=0)


def test_wrong_arguments_are_refused(trained):
    network = TextCNN(False, vocabulary_size=3)
    with pytest.raises(ValueError, match="Received: 3 and"):
        TextClassifier(network, TOKENIZER, 2)
    with pytest.raises(ValueError, match="at least 2"):
        TextClassifier(network, TOKENIZER, 1)
    with pytest.raises(ValueError, match="at least 1. Received: top=0"):
        trained.predict_labels(TEXTS, top=0)

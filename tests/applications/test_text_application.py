import keras
import numpy as np
import pytest

from keras_nn import data
from keras_nn.applications.text_application import TextApplication
from keras_nn.applications.text_application import check_vocabulary
from keras_nn.applications.text_application import is_texts
from keras_nn.models import TextCNN


class Reader(TextApplication):
    """Says how many tokens a text has."""

    def __init__(self):
        ids = keras.Input((None,), dtype="int32")
        there = keras.ops.cast(ids > 0, "float32")
        super().__init__(ids, keras.ops.sum(there, axis=-1, keepdims=True))
        self.tokenizer = data.WordTokenizer(["to", "be", "or", "not"])
        self.max_length = 6
        self.class_names = ["short", "long"]


@pytest.fixture
def reader():
    return Reader()


def test_texts_become_ids_of_one_length(reader):
    assert reader.encoded(["to be", ""]).tolist() == [
        [2, 3, 0, 0, 0, 0],
        [1, 0, 0, 0, 0, 0],
    ]
    assert reader.encoded(["to be or not to be or"]).shape == (1, 6)


def test_texts_go_wherever_ids_go(reader):
    texts = np.array(["to be", "so"], dtype=object)
    expected = [[2.0], [1.0]]
    split = data.Split(texts, np.array([1, 0]))
    for x in (texts, texts.tolist(), split, reader.encoded(texts)):
        assert reader.predict(x, verbose=0).tolist() == expected
    reader.compile("sgd", "mse", metrics=[])
    assert reader.evaluate(split, verbose=0) == 1.0
    names = ["long", "short"]
    assert reader.evaluate(texts.tolist(), names, verbose=0) == 1.0


def test_a_name_of_no_class_is_refused(reader):
    with pytest.raises(ValueError, match=r"Received: \['endless'\]"):
        reader.prepared(["to", "be"], ["long", "endless"])


def test_what_is_texts():
    assert is_texts(["a"]) and is_texts(np.array(["a"]))
    assert not any(map(is_texts, ("a", [], [1], np.zeros(2), None)))


def test_a_network_of_another_vocabulary_is_refused(reader):
    network = TextCNN(vocabulary_size=9)
    with pytest.raises(ValueError, match="Received: 9 and 6"):
        check_vocabulary(network, reader.tokenizer)

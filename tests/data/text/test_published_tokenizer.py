import copy

import keras
import pytest

from keras_nn.data import PublishedTokenizer
from keras_nn.data import SubwordTokenizer

TRAINED = SubwordTokenizer.train(["a man and a woman in a hat"] * 2, 50)


def test_is_saved_with_its_special_tokens():
    tokenizer = PublishedTokenizer(
        TRAINED.definition, padding="<pad>", end="</s>", adds_special=False
    )
    saved = keras.saving.serialize_keras_object(tokenizer)
    for other in (
        keras.saving.deserialize_keras_object(saved),
        copy.deepcopy(tokenizer),
    ):
        assert other.get_config() == tokenizer.get_config()
        assert other.encode("a hat") == tokenizer.encode("a hat")
        assert other.end_id == 3 and other.start_id is None


def test_refuses_what_is_none_of_its_own(tmp_path):
    with pytest.raises(ValueError, match=r"Received: '\[MASK\]'"):
        PublishedTokenizer(TRAINED.definition, masked="[MASK]")
    with pytest.raises(ValueError, match="must be the JSON of a tokenizer"):
        PublishedTokenizer("{")
    tokenizer = PublishedTokenizer(TRAINED.definition)
    for wrong in (tokenizer.vocabulary_size, -1):
        with pytest.raises(ValueError, match=f"Received: {wrong}"):
            tokenizer.decode([1, wrong])
    (tmp_path / "vocab.txt").write_text("a")
    with pytest.raises(FileNotFoundError, match="vocab.txt"):
        PublishedTokenizer.load(tmp_path)
    (tmp_path / "tokenizer.json").write_text(TRAINED.definition)
    (tmp_path / "tokenizer_config.json").write_text("{")
    with pytest.raises(ValueError, match="is no JSON"):
        PublishedTokenizer.load(tmp_path)

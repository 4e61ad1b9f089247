import pytest

from keras_nn import data
from keras_nn.applications.text_continuation import TextContinuation


class Fake(TextContinuation):
    tokenizer = data.CharacterTokenizer.of("to be")
    backbone = None
    _generators = {}


def test_a_text_ends_with_one_token():
    with pytest.raises(ValueError, match="stop='to', which is 2"):
        Fake().generate("to", stop="to")


def test_each_line_of_a_file_is_a_prompt(tmp_path):
    class Echo(Fake):
        def generate(self, prompts, seed):
            return [f"{prompt}{seed}" for prompt in prompts]

    path = tmp_path / "a.txt"
    path.write_text("to\n\nbe\n")
    rows = Echo().predict_path(path, top=2)
    texts = [row["text"] for row in rows]
    assert texts == ["to1", "be1", "to2", "be2"]

import json

import pytest

from keras_nn import data


def write(path, qas, context="Ada wrote the first program."):
    paragraph = {"context": context, "qas": qas}
    content = {"version": "v2.0", "data": [{"paragraphs": [paragraph]}]}
    path.write_text(json.dumps(content))
    return path


GOOD = {
    "question": "Who?",
    "id": "1",
    "answers": [{"text": "Ada", "answer_start": 0}],
}
NONE = {
    "question": "When?",
    "answers": [],
    "is_impossible": True,
    "plausible_answers": [{"text": "first", "answer_start": 14}],
}


def test_both_versions(tmp_path):
    first = data.read_squad(write(tmp_path / "a.json", [GOOD]))
    assert first.answers == [[("Ada", 0)]] and not first.has_unanswerable
    second = data.read_squad(write(tmp_path / "b.json", [GOOD, NONE]))
    assert second.questions == ["Who?", "When?"]
    assert second.answers[1] == [] and second.has_unanswerable


def test_says_where_it_is_wrong(tmp_path):
    shifted = {"question": "Who?", "answers": [{**GOOD["answers"][0]}]}
    shifted["answers"][0]["answer_start"] = 1
    path = write(tmp_path / "a.json", [shifted])
    with pytest.raises(ValueError, match="Received: 'Ada' at 1 .*a.json"):
        data.read_squad(path)
    path = write(tmp_path / "a.json", [GOOD, {"answers": []}])
    with pytest.raises(ValueError, match=r"paragraphs\[0\].qas\[1\].*question"):
        data.read_squad(path)
    path.write_text('{"data"')
    with pytest.raises(ValueError, match="format of SQuAD. Received: .*a.json"):
        data.read_squad(path)
    path.write_bytes(b"")
    with pytest.raises(ValueError, match="must not be empty"):
        data.read_squad(path)
    path.write_bytes(b'{"data": "\xff"}')
    with pytest.raises(ValueError, match="byte 0xff at offset 10"):
        data.read_squad(path)


def test_a_folder_of_parts(tmp_path):
    write(tmp_path / "train-v2.0.json", [GOOD])
    write(tmp_path / "dev-v2.0.json", [GOOD, NONE])
    write(tmp_path / "test-v2.0.json", [NONE])
    splits = data.questions_from_path(str(tmp_path), 0.1, 0.1, 0)
    sizes = [len(p) for p in (splits.train, splits.validation, splits.test)]
    assert sizes == [1, 2, 1]
    with pytest.raises(FileNotFoundError, match="holds a file train"):
        (tmp_path / "train-v2.0.json").unlink()
        data.questions_from_path(str(tmp_path), 0.1, 0.1, 0)

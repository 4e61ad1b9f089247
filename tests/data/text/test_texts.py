import os

import pytest

from keras_nn import data


def test_python_carries_its_reference():
    splits = data.load("python-docs")
    parts = [splits.train, splits.validation, splits.test]
    texts = [text for part in parts for text in part.x]
    assert len(texts) >= 40
    bodies = [text.split("\n", 2)[2].strip() for text in texts]
    for index, body in enumerate(bodies):  # no test text is trained on
        assert not any(
            body in other for k, other in enumerate(bodies) if k != index
        )
    assert 300_000 < splits.train.characters < 2_000_000
    assert "lambda" in splits.train.text
    with pytest.raises(ValueError, match="Received: path='x'"):
        data.load("python-docs", path="x")


def test_your_own_text_is_cut_in_three(tmp_path):
    (tmp_path / "a.txt").write_text("x" * 100)
    splits = data.text_from_path(tmp_path, 0.1, 0.2)
    sizes = [
        part.characters
        for part in (splits.train, splits.validation, splits.test)
    ]
    assert sizes == [70, 10, 20]


@pytest.mark.skipif(
    not os.path.isdir(
        os.path.join(os.environ.get("KERAS_NN_DATA", ""), "tinyshakespeare")
    ),
    reason="KERAS_NN_DATA names no folder with tinyshakespeare",
)
def test_tinyshakespeare_is_split_as_nanogpt_does():
    folder = os.path.join(os.environ["KERAS_NN_DATA"], "tinyshakespeare")
    splits = data.load("tinyshakespeare", path=folder)
    assert splits.train.characters == 1_003_854
    assert splits.validation.characters == 111_540

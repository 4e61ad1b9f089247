import numpy as np
import pytest
from PIL import Image

from keras_nn.data.annotated_splits import annotated_splits
from keras_nn.data.boxes import Annotated


def notes(folder, count=10, size=(8, 12)):
    found = []
    for number in range(count):
        file = folder / f"{number}.png"
        Image.new("L", size[::-1], number).save(file)
        boxes = [(1, 1, 5, 4), (2, 2, 9, 8)][: number % 3]
        names = ["owl", "cat"][: number % 3]
        found.append(Annotated(str(file), f"{number}.xml", boxes, names, size))
    return found


def test_what_is_read_is_drawn_into_parts(tmp_path):
    splits = annotated_splits(
        notes(tmp_path), ["cat", "owl"], "n", "s", (16, 12), 0.2, 0.3
    )
    sizes = [len(s) for s in (splits.train, splits.validation, splits.test)]
    assert sizes == [5, 2, 3]
    assert splits.train.shape == (16, 12, 1)
    assert splits.class_names == ("cat", "owl")
    whole = np.concatenate(
        [s.y for s in (splits.train, splits.validation, splits.test)]
    )
    assert whole.shape == (10, 2, 5)
    counts = np.sort((whole[..., 4] >= 0).sum(axis=1)).tolist()
    assert counts == [0] * 4 + [1] * 3 + [2] * 3
    assert [1, 2, 5, 8, 1] in whole[:, 0].tolist()


def test_an_unreadable_picture_is_named_or_left_out(tmp_path):
    found = notes(tmp_path)
    (tmp_path / "3.png").write_bytes(b"no picture")
    with pytest.raises(ValueError, match="1 unreadable of 10\n.*3.png"):
        annotated_splits(found, ["cat", "owl"], "n", "s")
    with pytest.warns(UserWarning, match="3.png"):
        splits = annotated_splits(
            found, ["cat", "owl"], "n", "s", on_error="skip", test_fraction=0
        )
    assert len(splits.train) + len(splits.validation) == 9


def test_a_class_that_a_model_does_not_know_is_named(tmp_path):
    with pytest.raises(ValueError, match="classes are cat. .*'owl' in 1.xml"):
        annotated_splits(
            notes(tmp_path), ["cat", "owl"], "n", "s", class_names=["cat"]
        )


def test_arguments_must_be_on_offer(tmp_path):
    with pytest.raises(ValueError, match="`degenerate` must be one of"):
        annotated_splits([], [], "n", "s", degenerate="ignore")
    with pytest.raises(ValueError, match="There must be a readable picture"):
        annotated_splits([], [], "n", "s")

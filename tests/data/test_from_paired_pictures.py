import numpy as np
import pytest
from PIL import Image

from keras_nn.data import from_paired_pictures


def save(path, left, right=None, size=(4, 4)):
    """A picture of one grey, or of two side by side."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.full((*size, 3), left, "uint8")
    if right is not None:
        other = np.full((*size, 3), right, "uint8")
        pixels = np.concatenate([pixels, other], axis=1)
    Image.fromarray(pixels).save(path)


def greys(split):
    """The first pixel of input and target of each pair."""
    x, _ = split.arrays()
    return [
        (int(a[0, 0, 0]), int(b[0, 0, 0]))
        for a, b in zip(x["inputs"], x["targets"], strict=True)
    ]


@pytest.mark.parametrize("direction", ["AtoB", "BtoA"])
def test_reads_pictures_side_by_side_in_parts(tmp_path, direction):
    for part, start in (("train", 10), ("val", 20), ("test", 30)):
        for k in range(2):
            save(tmp_path / part / f"{k}.png", start + k, 100 + start + k)
    splits = from_paired_pictures(tmp_path, direction=direction)
    turn = 1 if direction == "AtoB" else -1
    assert greys(splits.train) == [(10, 110)[::turn], (11, 111)[::turn]]
    assert greys(splits.validation)[0] == (20, 120)[::turn]
    assert greys(splits.test)[1] == (31, 131)[::turn]
    for x, y in splits.train.batches(2):
        assert x["inputs"].shape == (2, 4, 4, 3) and y.shape == (2,)


@pytest.mark.parametrize("parts", [(), ("train", "test")])
def test_reads_two_aligned_folders(tmp_path, parts):
    for k in range(10):
        for part in parts or ("",):
            save(tmp_path / "A" / part / f"{k}.png", k)
            save(tmp_path / "B" / part / f"{k}.jpg", 200 - k)
    splits = from_paired_pictures(tmp_path, direction="BtoA")
    assert len(splits.test) == (10 if parts else 1)
    for a, b in greys(splits.train):
        assert abs(a + b - 200) <= 2  # a JPEG
    assert from_paired_pictures(tmp_path, (8, 6)).train.shape["inputs"] == (
        (8, 6, 3)
    )


def test_says_what_is_wrong_with_a_folder(tmp_path):
    with pytest.raises(FileNotFoundError, match="folder of pairs"):
        from_paired_pictures(tmp_path / "no")
    with pytest.raises(ValueError, match="without a picture there"):
        from_paired_pictures(tmp_path)
    with pytest.raises(ValueError, match="`direction` must be one of"):
        from_paired_pictures(tmp_path, direction="both")
    save(tmp_path / "odd" / "0.png", 0, size=(4, 5))
    with pytest.raises(ValueError, match="even width.*of 5 pixels"):
        from_paired_pictures(tmp_path / "odd")
    save(tmp_path / "lone" / "A" / "0.png", 0)
    save(tmp_path / "lone" / "B" / "1.png", 0)
    with pytest.raises(ValueError, match="Received: 0, 1 without"):
        from_paired_pictures(tmp_path / "lone")
    save(tmp_path / "two" / "trainA" / "0.png", 0)
    with pytest.raises(ValueError, match="read by `from_unpaired_pictures`"):
        from_paired_pictures(tmp_path / "two")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "0.png").write_bytes(b"no picture")
    with pytest.raises(ValueError, match="must be readable"):
        from_paired_pictures(tmp_path / "bad")
    save(tmp_path / "sizes" / "A" / "0.png", 0)
    save(tmp_path / "sizes" / "B" / "0.png", 0, size=(8, 8))
    with pytest.raises(ValueError, match="`image_size` must be given"):
        from_paired_pictures(tmp_path / "sizes")

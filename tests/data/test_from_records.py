import numpy as np
import pytest
from PIL import Image

from keras_nn import data
from keras_nn.data import from_directory
from keras_nn.data import from_records
from keras_nn.data import write_shards


def test_a_data_set_comes_back_as_it_was(tmp_path):
    digits = data.load("digits")
    write_shards(digits, tmp_path / "a", shards=3)
    read = from_records(tmp_path / "a")
    for part in ("train", "validation", "test"):
        there, here = getattr(digits, part), getattr(read, part)
        for a, b in zip(there.arrays(), here.arrays(), strict=True):
            np.testing.assert_array_equal(a, b)
            assert a.dtype == b.dtype
    for name in ("class_names", "name", "source", "licence", "description"):
        assert getattr(read, name) == getattr(digits, name)


def test_batches_are_those_of_the_arrays(tmp_path):
    digits = data.load("digits").test
    write_shards(digits, tmp_path / "a", shards=4)
    read = from_records(tmp_path / "a", (), 0, 0).train
    how = {"batch_size": 50, "shuffle": True, "seed": 3}
    pairs = zip(digits.batches(**how), read.batches(**how), strict=True)
    for (x, y), (read_x, read_y) in pairs:
        np.testing.assert_array_equal(x, read_x)
        np.testing.assert_array_equal(y, read_y)


@pytest.fixture
def pictures(tmp_path):
    generator = np.random.default_rng(0)
    for name in ("cat", "dog"):
        folder = tmp_path / "pictures" / name
        folder.mkdir(parents=True)
        for index in range(10):
            pixels = generator.integers(0, 255, (20, 24, 3)).astype("uint8")
            Image.fromarray(pixels).save(folder / f"{index}.jpg")
    return from_directory(tmp_path / "pictures", (16, 12))


def test_pictures_keep_the_bytes_of_their_files(tmp_path, pictures):
    write_shards(pictures, tmp_path / "a")
    read = from_records(tmp_path / "a")
    for part in ("train", "validation", "test"):
        there, here = getattr(pictures, part), getattr(read, part)
        np.testing.assert_array_equal(there.arrays()[0], here.arrays()[0])
    first = open(pictures.train.x[0], "rb").read()
    assert read.train.decode.encoded(0) == first
    small = from_records(tmp_path / "a", (8, 6), color_mode="grayscale")
    assert small.train.shape == (8, 6, 1)
    # Written again, they still are the bytes of their files.
    write_shards(small, tmp_path / "b")
    again = from_records(tmp_path / "b")
    assert again.train.shape == (8, 6, 1)
    assert again.train.decode.encoded(0) == first


def test_a_dict_of_inputs(tmp_path):
    examples = [
        ({"a": np.full(3, n, "float32"), "b": np.int32(n)}, np.float32(n))
        for n in range(50)
    ]
    write_shards(examples, tmp_path / "a")
    split = from_records(tmp_path / "a", (), 0, 0).train
    assert split.shape == {"a": (3,), "b": ()}
    for x, y in split.batches(20, shuffle=True):
        np.testing.assert_array_equal(x["a"], np.tile(y[:, None], 3))
        np.testing.assert_array_equal(x["b"], y)
    assert split.arrays()[0]["a"].shape == (50, 3)


def test_damage_is_an_error_unless_it_is_to_be_skipped(tmp_path):
    examples = [(np.full(9, n), n % 2) for n in range(30)]
    write_shards(examples, tmp_path / "a", shards=3, class_names="ab")
    path = tmp_path / "a" / "train-00001.tfrecord"
    content = bytearray(path.read_bytes())
    content[len(content) * 45 // 100] ^= 1
    path.write_bytes(content)
    split = from_records(tmp_path / "a", (), 0, 0).train
    with pytest.raises(Exception, match=f"record 4 of {path}"):
        list(split.batches(8))
    with pytest.warns(UserWarning, match=f"1 damaged of 30.*\n.*{path}"):
        split = from_records(tmp_path / "a", (), 0, 0, on_error="skip").train
    x, y = split.arrays()
    assert x[:, 0].tolist() == [n for n in range(30) if n != 14]
    np.testing.assert_array_equal(y, x[:, 0] % 2)
    path.unlink()
    with pytest.raises(FileNotFoundError, match=str(path)):
        from_records(tmp_path / "a")
    with pytest.warns(UserWarning, match="10 damaged of 30"):
        split = from_records(tmp_path / "a", (), 0, 0, on_error="skip").train
    assert len(split) == 20


def test_refuses_what_cannot_be(tmp_path):
    write_shards([(b"no picture", 0), (b"neither", 1)], tmp_path / "a")
    with pytest.raises(ValueError, match="need `image_size="):
        from_records(tmp_path / "a")
    split = from_records(tmp_path / "a", (4, 4), 0, 0).train
    with pytest.raises(ValueError, match="Not a readable picture.*record 1 of"):
        split.decode(1)
    with pytest.raises(ValueError, match="on_error='ignore'"):
        from_records(tmp_path / "a", on_error="ignore")

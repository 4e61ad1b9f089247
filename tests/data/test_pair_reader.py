import numpy as np
from PIL import Image

from keras_nn.data.pair_reader import PairReader


def saved(path, colour, size=(6, 4)):
    Image.new("RGB", size, colour).save(path)
    return str(path), size[::-1]


def test_reads_two_files_or_both_halves_of_one(tmp_path):
    red = saved(tmp_path / "red.png", (255, 0, 0))
    blue = saved(tmp_path / "blue.png", (0, 0, 255))
    pixels = np.zeros((4, 12, 3), "uint8")
    pixels[:, :6, 0] = pixels[:, 6:, 2] = 255
    Image.fromarray(pixels).save(tmp_path / "both.png")
    both = (str(tmp_path / "both.png"), (4, 12))
    for size in ((4, 6), (8, 8)):
        two = PairReader(((red, blue),), size)(0)
        one = PairReader(((both, None),), size)(0)
        other = PairReader(((both, None),), size, swapped=True)(0)
        for side, against in (("inputs", "targets"), ("targets", "inputs")):
            assert two[side].shape == (*size, 3)
            # No colour of one half reaches the other.
            np.testing.assert_array_equal(one[side], two[side])
            np.testing.assert_array_equal(other[side], two[against])


def test_sides_may_differ_in_colour(tmp_path):
    red = saved(tmp_path / "red.png", (255, 0, 0))
    reader = PairReader(((red, red),), (2, 2), ("grayscale", "rgb"))
    read = reader(0)
    assert {k: v.shape for k, v in read.items()} == reader.shape
    assert reader.dtype == {"inputs": "uint8", "targets": "uint8"}

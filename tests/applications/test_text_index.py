import numpy as np
import pytest

from keras_nn.applications import TextIndex


def test_nearest_by_cosine_not_by_length():
    vectors = np.array([[9.0, 9.0], [0.1, 0.0], [0.0, 3.0]])
    index = TextIndex(["both", "right", "up"], vectors)
    (found,) = index.nearest([[2.0, 0.1]], top=3)
    assert [text for text, _ in found] == ["right", "both", "up"]
    assert found[1][1] == pytest.approx(2.1 / np.hypot(2, 0.1) / 2**0.5)


def test_round_trip_and_refusals(tmp_path):
    path = tmp_path / "a.npz"
    index = TextIndex(["ä\n", "b"], np.eye(2))
    index.save(path)
    loaded = TextIndex.load(path)
    assert loaded.texts == ["ä\n", "b"]
    np.testing.assert_array_equal(loaded.vectors, index.vectors)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(ValueError, match=r"wrote. Received: .*a.npz"):
        TextIndex.load(path)
    with pytest.raises(FileNotFoundError):
        TextIndex.load(tmp_path / "b.npz")
    with pytest.raises(ValueError, match=r"1 texts and vectors of shape \(2,"):
        TextIndex(["a"], np.eye(2))

import numpy as np

from keras_nn.callbacks import projector_points


def test_points_of_others_stay(tmp_path):
    for key, count in (("a", 1), ("b", 2), ("a", 3)):
        points = np.zeros((count, 2))
        projector_points.write(str(tmp_path), key, key, points, [[key]] * count)
    config = (tmp_path / projector_points.CONFIGURATION).read_text()
    assert config.count("tensor_path") == 2
    assert len((tmp_path / "a.tensor.tsv").read_text().splitlines()) == 3

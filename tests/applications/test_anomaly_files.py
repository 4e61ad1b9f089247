import numpy as np
from PIL import Image

from keras_nn.applications.anomaly_detector_recipes import autoencoder
from keras_nn.applications.anomaly_files import read_examples
from keras_nn.applications.anomaly_files import read_parts

SETTINGS = {
    "validation_fraction": 0.1,
    "test_fraction": 0.2,
    "target": "kind",
    "image_size": 4,
}


class App:
    feature_names = ["a", "b"]

    def __init__(self, shape):
        self.example_shape = shape


def test_a_table_and_a_folder_are_read(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a,kind,b\n" + "1,x,2\n3,y,4\n" * 20)
    splits = read_parts(path, None, 0, SETTINGS)
    assert splits.class_names == ("x", "y") and len(splits.test) == 8
    for name in ("good", "odd"):
        (tmp_path / "pictures" / name).mkdir(parents=True)
        for index in range(10):
            picture = Image.new("L", (4, 4), 20 * index)
            picture.save(tmp_path / "pictures" / name / f"{index}.png")
    splits = read_parts(str(tmp_path / "pictures"), None, 0, SETTINGS)
    assert splits.train.shape[:2] == (4, 4)
    pictures, names = read_examples(
        App((4, 4, 1)), str(tmp_path / "pictures" / "odd")
    )
    assert pictures.shape == (10, 4, 4, 1) and len(names) == 10
    (tmp_path / "b.csv").write_text("b,a\n1,2\n")
    rows, names = read_examples(App((2,)), tmp_path / "b.csv")
    np.testing.assert_array_equal(rows, [[2, 1]])
    assert names == ["row 1"]


def test_recipes_take_any_shape():
    assert autoencoder([4], 2)((3,)).encoder.input_shape == (None, 3)

import numpy as np
import tensorflow as tf
from google.protobuf import text_format
from tensorboard.plugins import projector

from keras_nn.callbacks.projector_files import write_points


def configuration(folder):
    config = projector.ProjectorConfig()
    text_format.Parse((folder / "projector_config.pbtxt").read_text(), config)
    return config


def test_points_of_two_stems_stand_side_by_side(tmp_path):
    rows = [["class"], ["a\tb"], ["c"]]
    write_points(tmp_path, "one", "first", np.eye(2), rows)
    sheet = np.zeros((8, 8, 3), "uint8")
    write_points(tmp_path, "two", "other", np.eye(2), rows, (sheet, 4))
    write_points(tmp_path, "one", "again", 2 * np.eye(2), rows)
    found = configuration(tmp_path).embeddings
    assert [e.tensor_name for e in found] == ["other", "again"]
    assert found[0].sprite.single_image_dim == [4, 4]
    assert (tmp_path / "one.tensor.tsv").read_text() == "2\t0\n0\t2\n"
    assert (tmp_path / "one.metadata.tsv").read_text() == "class\na b\nc\n"
    png = (tmp_path / "two.sprites.png").read_bytes()
    assert tf.io.decode_png(png).shape == (8, 8, 3)
    assert not [*tmp_path.glob("*.new")]

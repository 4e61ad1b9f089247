import numpy as np
import pytest
import tensorflow as tf

from keras_nn.testing import read_events


def test_reads_back_every_kind(tmp_path):
    writer = tf.summary.create_file_writer(str(tmp_path / "validation"))
    picture = np.arange(24, dtype="uint8").reshape(2, 2, 2, 3)
    with writer.as_default(step=5):
        tf.summary.scalar("loss", 0.25)
        tf.summary.image("picture", picture)
        tf.summary.text("note", "**bold**")
        tf.summary.histogram("weights", [0.0, 1.0], buckets=4)
        graph = tf.function(lambda: tf.constant(1)).get_concrete_function()
        tf.summary.graph(graph.graph)
    writer.close()

    events = read_events(tmp_path)["validation"]
    scalar = events["loss"][0]
    assert (scalar.step, scalar.value, scalar.plugin) == (5, 0.25, "scalars")
    np.testing.assert_array_equal(events["picture"][0].value, picture)
    assert events["note"][0].value == "**bold**"
    assert events["weights"][0].value.shape == (4, 3)
    assert events["graph"][0].value.node


def test_files_of_one_run_are_joined_and_the_root_is_a_dot(tmp_path):
    for step in (1, 2):
        writer = tf.summary.create_file_writer(
            str(tmp_path), filename_suffix=f".{step}"
        )
        with writer.as_default(step=step):
            tf.summary.scalar("loss", float(step))
        writer.close()
    events = read_events(tmp_path)["."]["loss"]
    assert sorted(e.value for e in events) == [1.0, 2.0]


def test_no_file_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError, match="No event file"):
        read_events(tmp_path)

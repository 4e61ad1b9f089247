import tensorflow as tf

from keras_nn.callbacks import event_files
from keras_nn.callbacks.writer import Writers
from keras_nn.testing import read_events


def write(folder, steps):
    writers = Writers(folder)
    writers.open()
    for step in steps:
        with writers.at(step):
            tf.summary.scalar("a", step)
    return writers


def test_what_was_written_later_is_taken_away(tmp_path):
    writers = write(tmp_path, [1, 2])
    known = event_files.sizes([str(tmp_path)])
    with writers.at(3):
        tf.summary.scalar("a", 3)
    writers.close()
    del writers
    # A later process writes a file of its own.
    with tf.summary.create_file_writer(
        str(tmp_path / "train"), filename_suffix=".later"
    ).as_default(step=3):
        tf.summary.scalar("a", 3)
    event_files.cut([str(tmp_path)], known)
    steps = [event.step for event in read_events(tmp_path)["train"]["a"]]
    assert steps == [1, 2]


def test_other_runs_stay(tmp_path):
    write(tmp_path / "another", [1]).close()
    event_files.cut([str(tmp_path)], [{}])
    assert "another/train" in read_events(tmp_path)


def test_the_outcome_that_a_terminated_run_wrote_is_taken_away(tmp_path):
    writers = Writers(tmp_path)
    writers.open()
    with writers.at(0, run="hparams"):
        tf.summary.scalar("begun", 1)
    known = event_files.sizes([str(tmp_path)])
    with writers.at(0, run="hparams"):
        tf.summary.scalar("failed", 1)
    writers.close()
    del writers
    event_files.cut([str(tmp_path)], known)
    assert [*read_events(tmp_path)["hparams"]] == ["begun"]

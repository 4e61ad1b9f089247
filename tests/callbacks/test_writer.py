import gc
import os

import pytest
import tensorflow as tf
from tensorboard.backend.event_processing.event_accumulator import (
    EventAccumulator,
)

from keras_nn.callbacks.writer import Writers


def event_files(folder):
    return [name for name in os.listdir(folder) if "tfevents" in name]


def steps(folder, tag):
    accumulator = EventAccumulator(str(folder)).Reload()
    return [event.step for event in accumulator.Tensors(tag)]


def test_nothing_is_created_before_something_is_written(tmp_path):
    writers = Writers(tmp_path / "run")
    writers.open()
    assert not (tmp_path / "run").exists()


def test_two_users_of_a_folder_share_one_file(tmp_path):
    first, second = Writers(tmp_path), Writers(tmp_path)
    first.open()
    second.open()
    with first.at(1):
        tf.summary.scalar("a", 1.0)
    with second.at(2):
        tf.summary.scalar("b", 2.0)
    first.close()
    with second.at(3):
        tf.summary.scalar("b", 3.0)
    second.close()
    gc.collect()

    assert len(event_files(tmp_path / "train")) == 1
    assert steps(tmp_path / "train", "a") == [1]
    assert steps(tmp_path / "train", "b") == [2, 3]


def test_opens_again_after_closing(tmp_path):
    writers = Writers(tmp_path)
    for step in range(2):
        writers.open()
        with writers.at(step, run="validation"):
            tf.summary.scalar("a", 1.0)
        writers.close()
    assert steps(tmp_path / "validation", "a") == [0, 1]


def test_writes_where_an_outer_context_records_nothing(tmp_path):
    writers = Writers(tmp_path)
    writers.open()
    with tf.summary.record_if(False), writers.at(7):
        tf.summary.scalar("a", 1.0)
    writers.close()
    assert steps(tmp_path / "train", "a") == [7]


def test_a_worker_that_is_not_chief_writes_nothing(tmp_path):
    class Extended:
        should_save_summary = False

    class Worker:
        extended = Extended()

    writers = Writers(tmp_path / "run")
    writers.open(Worker())
    assert not writers.allowed
    with writers.at(0):
        tf.summary.scalar("a", 1.0)
    writers.close()
    assert not (tmp_path / "run").exists()


def test_refuses_to_write_before_training(tmp_path):
    with pytest.raises(RuntimeError, match="before training has begun"):
        with Writers(tmp_path).at(0):
            pass

import tensorflow as tf
from tensorboard.backend.event_processing.event_accumulator import (
    EventAccumulator,
)

from keras_nn.callbacks.scalars import scalars


def test_writes_what_tensorflow_writes_one_by_one(tmp_path):
    values = {"a/speed": 1.5, "memory": 2}
    with tf.summary.create_file_writer(str(tmp_path / "ours")).as_default(7):
        scalars(values)
    with tf.summary.create_file_writer(str(tmp_path / "theirs")).as_default(7):
        for tag, value in values.items():
            tf.summary.scalar(tag, value)
    ours, theirs = (
        EventAccumulator(str(tmp_path / name)).Reload()
        for name in ("ours", "theirs")
    )
    assert ours.Tags()["tensors"] == theirs.Tags()["tensors"] == [*values]
    for tag in values:
        assert ours.SummaryMetadata(tag) == theirs.SummaryMetadata(tag)
        (left,), (right,) = ours.Tensors(tag), theirs.Tensors(tag)
        assert left.step == right.step == 7
        assert tf.make_ndarray(left.tensor_proto) == tf.make_ndarray(
            right.tensor_proto
        )

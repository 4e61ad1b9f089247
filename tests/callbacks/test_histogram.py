import numpy as np
import pytest
import tensorflow as tf
from tensorboard.backend.event_processing.event_accumulator import (
    EventAccumulator,
)

from keras_nn.callbacks.histogram import buckets
from keras_nn.callbacks.histogram import write_histogram


@pytest.mark.parametrize(
    "values",
    [np.random.default_rng(0).normal(size=(50, 3)), np.ones(4), np.ones(0)],
)
def test_is_what_tensorflow_writes(values, tmp_path):
    writer = tf.summary.create_file_writer(str(tmp_path))
    with writer.as_default(step=3):
        write_histogram("ours", values)
        tf.summary.histogram("theirs", values)
    writer.close()
    accumulator = EventAccumulator(str(tmp_path)).Reload()
    ours, theirs = (accumulator.Tensors(tag)[0] for tag in ("ours", "theirs"))
    assert ours.step == theirs.step == 3
    np.testing.assert_allclose(
        tf.make_ndarray(ours.tensor_proto),
        tf.make_ndarray(theirs.tensor_proto),
        atol=1e-6,
    )
    plugins = {
        tag: accumulator.SummaryMetadata(tag).plugin_data
        for tag in ("ours", "theirs")
    }
    assert plugins["ours"] == plugins["theirs"]


def test_leaves_out_what_is_not_finite():
    assert buckets([np.nan, np.inf, 1.0, 2.0])[:, 2].sum() == 2

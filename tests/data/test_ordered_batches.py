import pytest
import tensorflow as tf

from keras_nn.data import OrderedBatches
from keras_nn.testing import two_replicas


class Counted(OrderedBatches):
    """Batch `k` of pass `p` holds `10 p + k`."""

    def __init__(self, num_batches=4):
        self._num_batches = num_batches

    @property
    def num_batches(self):
        return self._num_batches

    def batches_from(self, start):
        return start.flat_map(
            lambda epoch, batch: tf.data.Dataset.range(
                10 * epoch + batch, 10 * epoch + 4
            )
        ).batch(1)


def numbers(dataset):
    return [int(batch[0]) for batch in dataset]


def test_any_pass_begins_anywhere():
    assert numbers(Counted().at(0)) == [0, 1, 2, 3]
    assert numbers(Counted().at(2, 3)) == [23]
    assert numbers(Counted().at(2, 4)) == []


def test_a_data_set_counts_its_passes():
    dataset = Counted().dataset()
    assert int(dataset.cardinality()) == 4
    passes = [numbers(dataset) for _ in range(3)]
    assert passes == [[0, 1, 2, 3], [10, 11, 12, 13], [20, 21, 22, 23]]
    unknown = Counted(None).dataset()
    assert int(unknown.cardinality()) == tf.data.UNKNOWN_CARDINALITY


def test_the_position_is_not_mirrored_on_replicas():
    strategy = two_replicas()
    with strategy.scope():
        dataset = Counted().dataset().unbatch().batch(2)
    for first in (0, 10):
        batches = iter(strategy.experimental_distribute_dataset(dataset))
        shares = strategy.experimental_local_results(next(batches))
        assert [int(share[0]) for share in shares] == [first, first + 1]
        assert next(batches) is not None
        with pytest.raises(StopIteration):
            next(batches)


def test_says_what_a_subclass_must_define():
    with pytest.raises(NotImplementedError, match="`num_batches`"):
        assert OrderedBatches().num_batches
    with pytest.raises(NotImplementedError, match="`batches_from`"):
        OrderedBatches().at(0)

import numpy as np
import pytest
import tensorflow as tf

from keras_nn.data import Split


def read(path):
    return np.array([int(path)])


read.shape, read.dtype = (1,), "int64"


def orders(dataset):
    return [y.tolist() for _, y in dataset.as_numpy_iterator()]


@pytest.mark.parametrize("files", [False, True])
@pytest.mark.parametrize("drop_remainder", [False, True])
# 20 is more than is read in one call, and no multiple of it.
@pytest.mark.parametrize("batch_size, size", [(4, 10), (5, 10), (20, 50)])
def test_a_pass_from_the_middle_is_the_rest_of_it(
    files, drop_remainder, batch_size, size
):
    x, decode = np.arange(size), None
    if files:
        x, decode = x.astype(str), read
    batches = Split(x, np.arange(size), decode).ordered(
        batch_size, shuffle=True, seed=3, drop_remainder=drop_remainder
    )
    whole = orders(batches.at(1))
    assert len(whole) == batches.num_batches
    assert whole != orders(batches.at(0))
    for first in range(len(whole) + 1):
        assert orders(batches.at(1, first)) == whole[first:]


def test_the_passes_of_the_data_set_are_those_of_the_positions():
    split = Split(np.arange(9), np.arange(9))
    dataset = split.batches(4, shuffle=True, seed=5)
    batches = split.ordered(4, shuffle=True, seed=5)
    for epoch in range(3):
        assert orders(dataset) == orders(batches.at(epoch))


def test_refuses_what_gives_no_batch():
    with pytest.raises(ValueError, match="one full batch"):
        Split(np.arange(3), np.arange(3)).ordered(4, drop_remainder=True)


@pytest.mark.parametrize("files", [False, True])
@pytest.mark.parametrize(("workers", "each"), [(3, 1), (2, 3)])
@pytest.mark.parametrize("batch_size", [12, 13])
@pytest.mark.parametrize("size", [60, 61, 65, 71])
def test_the_parts_of_all_workers_are_the_batches_of_one(
    files, workers, each, batch_size, size
):
    opened = set()

    def note(number):
        opened.add(int(number))
        return number

    note.shape, note.dtype = (), "int64"
    split = Split(np.arange(size), np.arange(size), note if files else None)
    batches = split.ordered(batch_size, shuffle=True, seed=3)
    for start in (0, 2):
        whole = list(batches.at(1, start).as_numpy_iterator())
        parts = []
        for worker in range(workers):
            opened.clear()
            context = tf.distribute.InputContext(
                workers, worker, workers * each
            )
            own = batches.of_worker(context)
            parts.append(list(own.at(1, start).as_numpy_iterator()))
            assert own.num_batches == each * batches.num_batches
            assert len(parts[-1]) == each * len(whole)
            # Nothing that another worker reads is read.
            mine = {n for _, y in parts[-1] for n in y.tolist()}
            assert opened == (mine if files else set())
        for number, (x, y) in enumerate(whole):
            here = [
                part
                for own in parts
                for part in own[number * each : (number + 1) * each]
            ]
            np.testing.assert_array_equal(
                np.concatenate([part for _, part in here]), y
            )
            np.testing.assert_array_equal(
                np.concatenate([part for part, _ in here]), x
            )
            assert np.ptp([len(part) for _, part in here]) <= 1

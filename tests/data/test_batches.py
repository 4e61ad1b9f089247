import time

import numpy as np
import pytest

from keras_nn.data import Split


def test_every_example_is_as_likely_anywhere():
    # Mean position of example 0 over 400 passes of 9: 4 +- 0.13.
    dataset = Split(np.arange(9), np.arange(9)).batches(9, shuffle=True)
    orders = [y for _, y in dataset.repeat(400).as_numpy_iterator()]
    positions = [order.tolist().index(0) for order in orders]
    assert len(positions) == 400
    assert abs(np.mean(positions) - 4) < 0.5
    assert set(positions) == set(range(9))


class Slow:
    """Reads the number in its path, after a pause for some of them."""

    shape, dtype = (1,), "int64"

    def __init__(self, pauses):
        self.pauses = pauses

    def __call__(self, path):
        time.sleep(self.pauses.get(path, 0.0))
        return np.array([int(path)])


def numbers(size):
    return np.arange(size).astype(str), np.arange(size)


def test_the_next_batch_is_made_while_the_model_works():
    paths, y = numbers(6)
    slow = Slow(dict.fromkeys(paths, 0.05))
    batches = iter(Split(paths, y, slow).batches(batch_size=1))
    next(batches)
    waited = 0.0
    for _ in range(5):
        time.sleep(0.15)  # the model's turn
        start = time.perf_counter()
        next(batches)
        waited += time.perf_counter() - start
    assert waited < 0.05


def test_files_read_side_by_side_come_in_order():
    paths, y = numbers(8)
    batches = Split(paths, y, Slow({"0": 0.2})).batches(batch_size=1)
    order = np.concatenate([x for x, _ in batches.as_numpy_iterator()])
    assert order.ravel().tolist() == list(range(8))


@pytest.mark.parametrize("batch_size", [1, 3, 16, 20, 50])
@pytest.mark.parametrize("drop_remainder", [False, True])
def test_batches_of_files_are_those_of_arrays(batch_size, drop_remainder):
    paths, y = numbers(50)
    arguments = batch_size, True, 5, drop_remainder
    files = Split(paths, y, Slow({})).batches(*arguments)
    arrays = Split(y[:, None], y).batches(*arguments)
    assert files.cardinality() == arrays.cardinality()
    shape = files.element_spec[0].shape
    assert shape[1] == 1 and shape[0] in (None, batch_size)
    assert not drop_remainder or shape[0] == batch_size
    pairs = zip(
        files.as_numpy_iterator(), arrays.as_numpy_iterator(), strict=True
    )
    for (x, y), (array, _) in pairs:
        np.testing.assert_array_equal(x, array)
        np.testing.assert_array_equal(x[:, 0], y)

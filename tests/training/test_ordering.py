import keras
import numpy as np
import pytest

from keras_nn.training import keras_internals
from keras_nn.training.ordering import ordered


class Sequence(keras.utils.PyDataset):
    def __len__(self):
        return 4

    def __getitem__(self, index):
        return np.array([[2.0 * index], [2.0 * index + 1]])


def adapter(kind, shuffle, seed=3):
    x = np.arange(8.0)[:, None] if kind == "arrays" else Sequence()
    how = {"batch_size": 2} if kind == "arrays" else {}
    inner = keras_internals.get_data_adapter(x, shuffle=shuffle, **how)
    return ordered(inner, seed, shuffle)


def read(made, epoch, batch=0):
    made.begin(epoch, batch)
    batches = made.get_tf_dataset().as_numpy_iterator()
    batches = [b[0] if isinstance(b, tuple) else b for b in batches]
    return [batch.ravel().tolist() for batch in batches]


@pytest.mark.parametrize("kind", ["arrays", "sequence"])
@pytest.mark.parametrize("shuffle", [True, False, "batch"])
def test_a_pass_can_begin_anywhere(kind, shuffle):
    made = adapter(kind, shuffle)
    whole = read(made, 1)
    assert sorted(sum(whole, [])) == list(range(8))
    assert (whole != read(made, 0)) is bool(shuffle)
    for first in range(4):
        assert read(adapter(kind, shuffle), 1, first) == whole[first:]
    assert made.num_batches == 4


def test_the_seed_decides():
    assert read(adapter("arrays", True), 0) == read(adapter("arrays", True), 0)
    assert read(adapter("arrays", True), 0) != read(
        adapter("arrays", True, seed=4), 0
    )

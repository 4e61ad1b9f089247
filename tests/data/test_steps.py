import numpy as np
import pytest

from keras_nn.data import Split
from keras_nn.data import steps


@pytest.mark.parametrize("size", [1, 7, 8, 9])
@pytest.mark.parametrize("batch_size", [1, 4, 8])
@pytest.mark.parametrize("drop_remainder", [False, True])
def test_counts_what_slicing_gives(size, batch_size, drop_remainder):
    split = Split(np.arange(size), np.arange(size))
    batches = [
        split.x[start : start + batch_size]
        for start in range(0, size, batch_size)
    ]
    if drop_remainder:
        batches = [batch for batch in batches if len(batch) == batch_size]
    if not batches:
        with pytest.raises(ValueError, match=f"{size} examples"):
            steps(split, batch_size, drop_remainder)
    else:
        assert steps(split, batch_size, drop_remainder) == len(batches)


def test_refuses_no_batch_size_and_no_example():
    with pytest.raises(ValueError, match="Received: batch_size=0"):
        steps([1], 0)
    with pytest.raises(ValueError, match="an empty split"):
        steps([], 1)

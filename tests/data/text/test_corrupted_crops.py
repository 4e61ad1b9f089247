import numpy as np
import pytest

from keras_nn.data import CorruptedCrops
from keras_nn.data import SpanCorruption

SENTINELS = tuple(range(900, 930))


def test_crops_are_the_same_in_every_run_and_shaped_alike():
    corruption = SpanCorruption(SENTINELS, end_id=1)
    crops = CorruptedCrops(
        np.arange(10, 400), 30, 3, corruption, start_id=2, seed=4
    )
    batches = list(crops.at(1))
    again = list(crops.at(1, 2))
    assert len(batches) == crops.num_batches == 5
    for (x, y), (other, _) in zip(batches[2:], again, strict=True):
        np.testing.assert_array_equal(x["source"], other["source"])
        assert (x["target"][:, 0].numpy() == 2).all()
        np.testing.assert_array_equal(x["target"][:, 1:], y[:, :-1])
    read, written = batches[0][0]["source"][0], batches[0][1][0]
    tokens = {*read.numpy().tolist(), *written.numpy().tolist()}
    kept = sorted(tokens - {1, *SENTINELS})
    assert np.diff(kept).tolist() == [1] * 29  # a whole block, between both


def test_refuses_too_few_sentinels_at_once():
    few = SpanCorruption((9,), 1, density=0.5)
    with pytest.raises(ValueError, match="5 passages and 1 sentinels"):
        CorruptedCrops(np.arange(99), 30, 2, few)

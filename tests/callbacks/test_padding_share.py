import keras
import numpy as np
import pytest

from keras_nn import data
from keras_nn.callbacks import PaddingShare
from keras_nn.testing import read_events


def test_counts_what_the_batches_hold(tmp_path):
    lengths = [1, 2, 3, 9, 9, 2]
    ids = [[5] * n for n in lengths]
    batches = data.TokenPairBatches(ids, ids, 40, [4, 10], shuffle=False)
    share = PaddingShare(tmp_path, batches).shares(0)[""]
    assert share == pytest.approx(batches.padding_share)


def test_writes_the_share_of_each_input(tmp_path):
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    inputs = {"a": np.array([[7, 0, 0, 0]]), "b": np.array([[7, 7]])}
    model.fit(
        np.ones((1, 1)),
        np.ones((1, 1)),
        verbose=0,
        callbacks=[PaddingShare(tmp_path, inputs)],
    )
    events = read_events(tmp_path)["train"]
    assert events["padding_share"][0].value == pytest.approx(0.5)
    assert events["padding_share/a"][0].value == pytest.approx(0.75)
    assert events["padding_share/b"][0].value == 0

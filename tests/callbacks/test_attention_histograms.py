import keras
import numpy as np
import pytest

from keras_nn import data
from keras_nn.applications import NodeClassifier
from keras_nn.callbacks import AttentionHistograms
from keras_nn.callbacks.attention_histograms import measures
from keras_nn.models import GAT
from keras_nn.models import GCN
from keras_nn.testing import read_events


def test_measures_of_one_neighbour_alone_and_of_all_alike():
    targets = np.array([0, 0, 0, 0, 1])
    alone = np.array([[1.0], [0.0], [0.0], [0.0], [1.0]])
    relative, even = measures(alone, targets, 3)
    assert relative[:, 0].tolist() == [4, 0, 0, 0, 1] and even == 0
    alike = np.array([[0.25]] * 4 + [[1.0]])
    relative, even = measures(alike, targets, 3)
    np.testing.assert_allclose(relative, 1)
    assert even == pytest.approx(1)
    assert measures(np.ones((1, 1)), [0], 1)[1] == 1


def test_writes_a_histogram_a_layer(tmp_path):
    club = data.load("karate-club")
    network = GAT(34, 2, heads=2)
    for weight in network.weights:
        if weight.path.endswith("_attention"):
            weight.assign(keras.ops.zeros_like(weight))
    app = NodeClassifier(network)
    app.compile(optimizer=keras.optimizers.SGD(0.0))
    instrument = AttentionHistograms(tmp_path, club.test)
    app.fit(club.train, verbose=0, callbacks=[instrument])
    events = read_events(tmp_path)["validation"]
    assert {"attention/0", "attention/1"} < set(events)
    for number in range(2):
        even = events[f"attention/{number}/evenness"][0].value
        assert even == pytest.approx(1, abs=1e-4)


def test_refuses_a_network_that_does_not_attend(tmp_path):
    club = data.load("karate-club")
    app = NodeClassifier(GCN(34, 2))
    app.compile()
    with pytest.raises(ValueError, match="Received: GCN"):
        app.fit(
            club.train,
            verbose=0,
            callbacks=[AttentionHistograms(tmp_path, club.test)],
        )

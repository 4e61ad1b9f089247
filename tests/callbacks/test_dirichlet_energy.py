import numpy as np
import pytest

from keras_nn import data
from keras_nn.applications import NodeClassifier
from keras_nn.callbacks import DirichletEnergy
from keras_nn.callbacks.dirichlet_energy import dirichlet_energy
from keras_nn.data.graphs import stochastic_block_model
from keras_nn.models import GCN
from keras_nn.models import SGC
from keras_nn.testing import read_events


def test_is_the_quadratic_form_of_the_normalised_laplacian():
    graph, _ = stochastic_block_model([5, 5], 0.5, 0.2, seed=3)
    adjacency = np.eye(10)
    adjacency[tuple(graph["edge_index"].T)] = 1
    inverse = np.diag(adjacency.sum(axis=1) ** -0.5)
    laplacian = np.eye(10) - inverse @ adjacency @ inverse
    x = np.random.default_rng(0).normal(size=(10, 3))
    expected = np.trace(x.T @ laplacian @ x) / np.square(x).sum()
    assert dirichlet_energy(x, graph) == pytest.approx(expected)
    assert dirichlet_energy(np.zeros((10, 3)), graph) == 0


def test_falls_from_layer_to_layer_where_layers_only_average():
    club = data.load("karate-club").train
    energies, weights = [], None
    for steps in (1, 4, 16):
        network = SGC(34, 2, steps=steps, classifier_activation=None)
        weights = weights or network.get_weights()
        network.set_weights(weights)
        scores = np.asarray(network(club.arrays()[0])[0])
        energies.append(dirichlet_energy(scores, club.graph))
    assert energies[0] > energies[1] > energies[2] > 0


def test_writes_a_curve_a_layer(tmp_path):
    club = data.load("karate-club")
    app = NodeClassifier(GCN(34, 2))
    app.compile()
    instrument = DirichletEnergy(tmp_path, club.test, every=2)
    app.fit(club.train, epochs=3, verbose=0, callbacks=[instrument])
    events = read_events(tmp_path)["validation"]
    tags = ["0_input", "1_convolution_0", "2_predictions"]
    assert sorted(events) == [f"dirichlet_energy/{tag}" for tag in tags]
    curve = events["dirichlet_energy/0_input"]
    assert [event.step for event in curve] == [0, 2]
    assert curve[0].value == pytest.approx(curve[1].value)

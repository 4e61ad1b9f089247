import keras
import pytest

from keras_nn.data.graphs import random_link_split
from keras_nn.data.graphs import stochastic_block_model
from keras_nn.data.graphs import to_undirected
from keras_nn.models import GAE
from keras_nn.models import GCN
from keras_nn.testing import check_model


def encoder(features=3, units=4):
    return GCN(
        features, units, units=[8], dropout=0.0, classifier_activation=None
    )


def test_conformance(two_packs):
    x, y = two_packs
    check_model(GAE, lambda: {"encoder": encoder()}, x, y, compile_kwargs={})


@pytest.mark.slow
def test_foretells_edges_of_communities():
    keras.utils.set_random_seed(0)
    graph, _ = stochastic_block_model([20, 20], 0.5, 0.02, feature_noise=0.5)
    splits = random_link_split(to_undirected(graph), 0.1, 0.2)
    model = GAE(encoder(2))
    model.compile(
        keras.optimizers.Adam(0.02),
        weighted_metrics=[keras.metrics.AUC(from_logits=True, name="auc")],
    )
    model.fit(splits.train.ordered(), epochs=40, verbose=0)
    scores = model.evaluate(*splits.test.arrays()[:2], return_dict=True)
    assert scores["auc"] > 0.75

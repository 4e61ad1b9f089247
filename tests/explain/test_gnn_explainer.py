import keras
import numpy as np
import pytest
import tensorflow as tf
from sklearn.metrics import roc_auc_score

from keras_nn import models
from keras_nn.data.graphs import pack
from keras_nn.data.graphs import planted_houses
from keras_nn.explain import GNNExplainer
from keras_nn.explain import IntegratedEdges


def trained_on(graph, labels, steps):
    """A network that has learned the roles of nodes, and its accuracy."""
    network = models.GCN(10, 4, units=(20, 20), dropout=0.0, weight_decay=0.0)
    packs = pack([graph])
    x = {key: tf.constant(packs[key]) for key in network.input}
    loss = keras.losses.SparseCategoricalCrossentropy()
    optimizer = keras.optimizers.Adam(0.03)
    optimizer.build(network.trainable_variables)

    @tf.function
    def train():
        for _ in tf.range(steps):
            with tf.GradientTape() as tape:
                value = loss(labels[None], network(x, training=True))
            gradients = tape.gradient(value, network.trainable_variables)
            optimizer.apply(gradients)

    train()
    predicted = np.asarray(network(x))[0].argmax(axis=1)
    return network, np.mean(predicted == labels)


@pytest.mark.slow
def test_finds_the_house_that_a_role_depends_on():
    keras.utils.set_random_seed(0)
    graph, labels, house = planted_houses(60, houses=16, seed=3)
    network, accuracy = trained_on(graph, labels, steps=800)
    assert accuracy > 0.85
    masks = GNNExplainer(network, steps=100, learning_rate=0.05)
    sums = IntegratedEdges(network, steps=20)

    def area(role, look):
        """Of the edges of a node's house among all that its score sees."""
        found, known = [], []
        for node in np.flatnonzero(labels == role)[:4]:
            scores = look(int(node))
            mine = house[(graph["edge_index"] == node).any(axis=1)].max()
            near = (scores != 0) | (house == mine)
            found.append(scores[near])
            known.append(house[near] == mine)
        return roc_auc_score(np.concatenate(known), np.concatenate(found))

    assert area(1, lambda node: masks(graph, node).both_ways()) > 0.9
    # In the middle of a house its edges speak for the role. A node alone
    # counts as a roof's top (p = 0.98): there most of them speak against it.
    assert area(1, lambda node: sums(graph, node, 1).importance()) > 0.9
    assert area(2, lambda node: sums(graph, node, 2).both_ways()) > 0.9


def test_features_that_say_nothing_are_masked():
    keras.utils.set_random_seed(0)
    random = np.random.default_rng(0)
    labels = np.arange(60) % 2
    features = random.normal(size=(60, 4)).astype("float32")
    features[:, 1] = 2.0 * labels - 1
    graph = {"node_features": features, "edge_index": []}
    graph["edge_index"] = [[n, (n + 2) % 60] for n in range(60)]
    network = models.SAGE(4, 2, units=(8,), dropout=0.0)
    network.compile(
        keras.optimizers.Adam(0.05), "sparse_categorical_crossentropy"
    )
    x = {k: keras.ops.array(pack([graph])[k]) for k in network.input}
    for _ in range(60):
        network.train_on_batch(x, labels[None])
    explainer = GNNExplainer(network, steps=60, learning_rate=0.1)
    scores = explainer(graph, node=7).feature_scores[0]
    assert scores.argmax() == 1 and np.delete(scores, 1).max() < 0.5


def test_the_same_seed_finds_the_same():
    network = models.GCN(3, 2)
    graph = {"node_features": np.eye(3), "edge_index": [[0, 1], [1, 2]]}
    first, second = (
        GNNExplainer(network, steps=3, features="each")(graph, node=2)
        for _ in range(2)
    )
    np.testing.assert_array_equal(first.edge_scores, second.edge_scores)
    np.testing.assert_array_equal(first.feature_scores, second.feature_scores)


def test_refuses_other_kinds_of_features():
    with pytest.raises(ValueError, match="Received: .*features='all'"):
        GNNExplainer(models.GCN(3, 2), features="all")

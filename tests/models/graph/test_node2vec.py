import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.data.graphs import WalkBatches
from keras_nn.data.graphs import stochastic_block_model
from keras_nn.models import Node2Vec
from keras_nn.testing import check_model
from keras_nn.testing.backend import gradients
from keras_nn.testing.numbers import assert_close


def test_conformance():
    generator = np.random.default_rng(0)
    x = {
        "walks": generator.integers(0, 6, (4, 5)).astype("int32"),
        "negatives": generator.integers(0, 6, (4, 2, 5)).astype("int32"),
    }
    arguments = {"num_nodes": 6, "units": 3, "context": 3}
    check_model(Node2Vec, arguments, x, half=False)


def test_loss_and_gradient_are_pygs(recorded):
    model = Node2Vec(9, 4, context=3)
    model.embeddings.assign(recorded["embeddings"])
    x = {key: recorded[key] for key in ("walks", "negatives")}

    def loss():
        value = ops.mean(model.objective(x, None, True)["loss"])
        return value, value

    value, _, found = gradients(loss, [model.embeddings])
    assert_close(value, recorded["node2vec/loss"], "loss")
    assert_close(found, [recorded["node2vec/gradient_0"]], "gradient")


@pytest.mark.slow
def test_nodes_of_one_community_are_near():
    keras.utils.set_random_seed(0)
    graph, labels = stochastic_block_model([12, 12], 0.7, 0.03)
    model = Node2Vec(24, 8, context=4)
    model.compile(keras.optimizers.Adam(0.05))
    batches = WalkBatches(graph, 8, walks_per_node=4, batch_size=96)
    model.fit(batches, epochs=25, verbose=0)
    codes = np.asarray(model(np.arange(24)))
    near = codes @ codes.T
    same = labels[:, None] == labels
    assert near[same].mean() > near[~same].mean() + 1


def test_refuses_walks_that_are_too_short():
    with pytest.raises(ValueError, match="Received: 3 nodes"):
        Node2Vec(5, 2, context=4)._agreements(np.zeros((1, 3), "int32"))

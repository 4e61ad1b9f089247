import numpy as np
import pytest
from keras import ops

from keras_nn.layers import QueryProposals
from keras_nn.testing import check_layer

ARGUMENTS = {"count": 3, "num_classes": 2, "map_size": (2, 3)}


@pytest.mark.slow
def test_conformance():
    # TensorFlow cannot place the gradient of its choice on replicas by itself;
    # the conformance check of `DETR` has two.
    check_layer(
        QueryProposals, ARGUMENTS, (2, 6, 8), half=False, replicas=False
    )


def naive(layer, tokens):
    """Of one picture, token by token."""

    def dense(layer, x):
        kernel, bias = layer.get_weights()
        return x @ kernel + bias

    found = []
    for number, token in enumerate(tokens):
        x = dense(layer.project, token)
        x = (x - x.mean()) / np.sqrt(x.var() + 1e-5)
        logits = dense(layer.classes, x)
        row, column = divmod(number, 3)
        start = np.array([(column + 0.5) / 3, (row + 0.5) / 2, 0.25, 0.25])
        hidden = np.maximum(dense(layer.hidden, x), 0)
        box = dense(layer.box, hidden) + np.log(start / (1 - start))
        found.append((logits[:-1].max() - logits[-1], x, box, logits))
    found.sort(key=lambda one: -one[0])
    return [np.stack(part) for part in list(zip(*found[:3], strict=True))[1:]]


def test_equals_a_loop_over_tokens():
    generator = np.random.default_rng(0)
    tokens = generator.normal(size=(2, 6, 8)).astype("float32")
    layer = QueryProposals(**ARGUMENTS)
    layer.build(tokens.shape)
    layer.box.set_weights([generator.normal(size=(8, 4)), np.arange(4.0)])
    found = [ops.convert_to_numpy(part) for part in layer(tokens)]
    for index in range(2):
        expected = naive(layer, tokens[index])
        for part, wanted in zip(found, expected, strict=True):
            np.testing.assert_allclose(part[index], wanted, atol=1e-4)


def test_a_new_layer_proposes_boxes_around_the_cells():
    _, boxes, _ = QueryProposals(6, 2, (2, 3))(np.zeros((1, 6, 4)))
    shares = np.sort(ops.convert_to_numpy(ops.sigmoid(boxes))[0], axis=0)
    np.testing.assert_allclose(shares[:, 1], [1 / 4] * 3 + [3 / 4] * 3, 1e-5)
    np.testing.assert_allclose(shares[:, 2:], 0.25, 1e-5)


def test_refuses_more_queries_than_cells_and_tokens_of_no_cell():
    with pytest.raises(ValueError, match="more queries than cells.*count=7"):
        QueryProposals(7, 2, (2, 3))
    with pytest.raises(ValueError, match="`count` and `num_classes` must be"):
        QueryProposals(1, 0, (2, 3))
    with pytest.raises(ValueError, match="Received: 5 tokens"):
        QueryProposals(**ARGUMENTS)(np.zeros((1, 5, 4)))

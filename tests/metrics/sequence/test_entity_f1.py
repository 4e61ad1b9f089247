import numpy as np
import pytest

from keras_nn.metrics import EntityF1
from keras_nn.metrics.sequence.entities import entities
from keras_nn.testing import check_metric

TAGS = ["O", "B-per", "I-per", "B-loc", "I-loc"]


def draw(seed, shape=(5, 7)):
    generator = np.random.default_rng(seed)
    labels = generator.integers(0, 5, shape)
    labels[0, 4:] = -1
    said = np.where(generator.random(shape) < 0.6, labels, 1)
    return labels, np.maximum(said, 0)


@pytest.mark.parametrize("average", ["micro", "macro"])
def test_conformance(average):
    labels, said = draw(0)
    scores = np.eye(5, dtype="float32")[said]
    arguments = {"class_names": TAGS, "average": average}
    check_metric(EntityF1, arguments, labels, scores)


def test_a_chain_is_read_along_its_best_path():
    labels, said = draw(0)
    chain = np.zeros((5, 7, 5, 5), "float32")
    for row, tags in enumerate(said):
        for place, tag in enumerate(tags):
            chain[row, place, :, tag] = 9.0
    both = [EntityF1(TAGS), EntityF1(TAGS)]
    both[0].update_state(labels, chain)
    both[1].update_state(labels, said)
    assert float(both[0].result()) == float(both[1].result()) > 0


@pytest.mark.parametrize("seed", range(5))
def test_counts_the_entities_that_both_have(seed):
    labels, said = draw(seed, (1, 30))
    labels = np.maximum(labels, 0)
    there, found = (
        set(entities([TAGS[tag] for tag in row[0]])) for row in (labels, said)
    )
    metric = EntityF1(TAGS)
    metric.update_state(labels, said)
    expected = 2 * len(there & found) / (len(there) + len(found))
    assert float(metric.result()) == pytest.approx(expected, abs=1e-6)


def test_half_of_an_entity_is_none():
    metric = EntityF1(TAGS)
    metric.update_state([[1, 2, 2, 0]], [[1, 2, 0, 0]])
    assert float(metric.result()) == 0.0


def test_wrong_arguments_are_refused():
    with pytest.raises(ValueError, match="Received: 'person'"):
        EntityF1(["O", "person"])
    with pytest.raises(ValueError, match="tag of an entity"):
        EntityF1(["O"])
    with pytest.raises(ValueError, match="Received: 'f2'"):
        EntityF1(TAGS, measure="f2")

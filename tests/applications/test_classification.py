import numpy as np
import pytest

from keras_nn.applications.classification import accuracy_metrics
from keras_nn.applications.classification import class_scores
from keras_nn.applications.classification import ranked_labels
from keras_nn.data import Split


class Fixed:
    """A classifier that says the same of every example."""

    losses = ()
    num_classes = 3

    def predict(self, split, verbose):
        return np.tile([0.5, 0.2, 0.3], (len(split), 1))


def test_scores_by_example():
    scores = class_scores(Fixed(), Split(np.zeros(3), np.array([0, 1, 2])))
    assert scores["accuracy"].tolist() == [1.0, 0.0, 0.0]
    np.testing.assert_allclose(scores["loss"], -np.log([0.5, 0.2, 0.3]))
    assert "top_5_accuracy" not in scores


def test_many_classes_are_asked_for_five():
    names = [metric.name for metric in accuracy_metrics(21)]
    assert names == ["accuracy", "top_5_accuracy"]
    assert len(accuracy_metrics(20)) == 1


def test_labels_come_best_first():
    (ranked,) = ranked_labels(np.array([[0.1, 0.6, 0.3]]), None, 2)
    assert ranked == [("1", 0.6), ("2", 0.3)]
    with pytest.raises(ValueError, match="Received: top=0"):
        ranked_labels(np.ones((1, 2)), None, 0)

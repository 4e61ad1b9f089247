import numpy as np

from keras_nn.callbacks import CodeSample

X = np.zeros((4, 2, 2, 1))


def test_labels_are_classes_or_nothing():
    assert CodeSample((X, None)).labels is None
    assert CodeSample((X, np.linspace(0, 1, 4))).labels is None
    assert CodeSample((X, X)).labels is None
    sample = CodeSample((X, np.array([[2], [0], [1], [2]])))
    assert sample.labels.tolist() == [2, 0, 1, 2]
    assert sample.names == ["0", "1", "2"]
    assert CodeSample.of(sample) is sample

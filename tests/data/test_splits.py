import numpy as np

from keras_nn.data import Split
from keras_nn.data import Splits


def test_counts_its_classes():
    split = Split(np.zeros((2, 3)), np.zeros(2, int))
    assert Splits(split, None, split).num_classes is None
    named = Splits(split, None, split, class_names=("cat", "dog"))
    assert named.num_classes == 2
    assert named.licence == "none stated"

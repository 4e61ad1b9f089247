import numpy as np

from keras_nn.layers import LearntMap
from keras_nn.testing import check_layer


def test_conformance():
    check_layer(LearntMap, {"size": 2, "filters": 3}, (4, 5), replicas=False)


def test_every_example_gets_the_map():
    layer = LearntMap(2, 3)
    y = np.asarray(layer(np.zeros((4, 9))))
    np.testing.assert_array_equal(y, np.stack([np.asarray(layer.map)] * 4))

import numpy as np

from keras_nn.layers import VocabularyBias
from keras_nn.testing import check_layer


def test_conformance():
    check_layer(VocabularyBias, {}, (2, 3, 5))


def test_every_token_has_its_own_number():
    layer = VocabularyBias()
    layer.build((None, None, 3))
    layer.set_weights([np.array([1.0, 0.0, -1.0])])
    y = np.asarray(layer(np.zeros((1, 2, 3))))
    assert y.tolist() == [[[1.0, 0.0, -1.0]] * 2]

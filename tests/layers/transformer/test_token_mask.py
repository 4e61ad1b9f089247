import keras
import numpy as np

from keras_nn.layers import TokenMask
from keras_nn.testing import check_layer

IDS = np.array([[4, 7, 1], [5, 1, 1]])


def test_conformance():
    x = np.ones((2, 3, 4), "float32")
    check_layer(TokenMask, {"padding_id": 1}, [x, IDS])


def test_layers_behind_it_see_the_tokens_that_are_there():
    ids = keras.Input((None,), dtype="int32")
    embedding = keras.layers.Embedding(8, 1)
    x = TokenMask(padding_id=1)([embedding(ids), ids])
    model = keras.Model(ids, keras.layers.GlobalAveragePooling1D()(x))
    embedding.set_weights([np.arange(8.0)[:, None]])
    found = keras.ops.convert_to_numpy(model(IDS))
    assert found[:, 0].tolist() == [5.5, 5.0]

import numpy as np

from keras_nn.models import VAE
from keras_nn.models import DenseDecoder
from keras_nn.models import DenseEncoder

X = np.random.default_rng(0).uniform(size=(3, 4, 4, 1)).astype("float32")


def test_gives_back_what_call_says_of_the_class_or_of_any():
    given = {"units": [8], "num_classes": 2}
    model = VAE(
        DenseEncoder((4, 4, 1), 4, **given),
        DenseDecoder(2, (4, 4, 1), **given),
        num_classes=2,
    )
    labels = np.array([0, 1, 1])
    found = model.reconstruct(X, labels)
    expected = model({"pictures": X, "labels": labels})
    np.testing.assert_allclose(found, expected, rtol=1e-5)
    assert found.dtype == "float32" and not np.allclose(
        found, model.reconstruct(X)
    )
    np.testing.assert_allclose(model.reconstruct(X), model(X), rtol=1e-5)

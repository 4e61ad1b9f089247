import numpy as np
import pytest

from keras_nn.applications import ImageGenerator
from keras_nn.applications.generative_application import GenerativeApplication
from keras_nn.models import VAE
from keras_nn.models import DenseDecoder
from keras_nn.models import DenseEncoder

X = np.random.default_rng(0).integers(0, 256, (8, 2, 2, 1)).astype("float32")


def test_trains_the_model_on_data_in_its_range():
    encoder = DenseEncoder((2, 2, 1), 4, [8])
    app = ImageGenerator(VAE(encoder, DenseDecoder(2, (2, 2, 1), [8])))
    app.compile()
    app.fit(X, verbose=0)
    within = app.evaluate(X, verbose=0, return_dict=True)
    alone = app.generator.evaluate(X / 255, verbose=0, return_dict=True)
    assert within == pytest.approx(alone, rel=1e-4)
    assert app.optimizer is app.generator.optimizer
    assert [name for name, _ in app.turns()] == ["train"]


def test_a_subclass_must_say_the_range():
    with pytest.raises(NotImplementedError, match="must define `scaled`"):
        GenerativeApplication().scaled(X)

import numpy as np
import pytest

from keras_nn import data
from keras_nn.applications import FeatureLearner
from keras_nn.applications import ImageGenerator
from keras_nn.applications.generative_application import GenerativeApplication
from keras_nn.models import RBM
from keras_nn.models import VAE
from keras_nn.models import DenseDecoder
from keras_nn.models import DenseEncoder
from keras_nn.models import Flow
from keras_nn.testing import two_replicas

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


def test_a_generator_learns_the_statistics_of_its_data_first():
    app = ImageGenerator(
        Flow.from_preset("glow", (2, 2, 1), depth=1, filters=4, levels=256)
    )
    app.compile()
    app.fit(data.Split(X, np.zeros(8)), verbose=0)
    assert float(app.generator.adapted) == 1
    with pytest.raises(ValueError, match="values from 0 to 255"):
        app.fit(2 * X, verbose=0)


def test_refuses_replicas_where_chains_live_on_one_device():
    with two_replicas().scope():
        app = FeatureLearner(RBM((2, 2, 1), 3, method="pcd"))
        app.compile()
    with pytest.raises(ValueError, match="on one device"):
        app.fit(X, verbose=0)

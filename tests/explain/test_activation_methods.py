import importlib.util
from pathlib import Path

import keras
import numpy as np
import pytest

from keras_nn.explain import FunctionalView
from keras_nn.explain.activation_methods import METHODS
from keras_nn.explain.activation_methods import scored_model

_SPEC = importlib.util.spec_from_file_location(
    "zoo", Path(__file__).parent / "zoo.py"
)
zoo = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(zoo)


def test_one_unit_becomes_two_classes():
    model = zoo.functional("sigmoid", units=1)
    scored = scored_model(FunctionalView(model, linear=True))
    scores = keras.ops.softmax(scored([zoo.PICTURES]))
    np.testing.assert_allclose(scores[:, 1:], model(zoo.PICTURES), atol=1e-6)


@pytest.mark.parametrize("batch_size", [2, 3, 32])
def test_predicts_in_batches_as_keras_does(batch_size):
    scored = scored_model(FunctionalView(zoo.functional(), linear=True))
    found = scored.predict([zoo.PICTURES], batch_size=batch_size)
    np.testing.assert_allclose(found, scored([zoo.PICTURES]), atol=1e-6)


def test_smoothgrad_leaves_numpy_s_generator_alone_and_repeats_itself():
    scored = scored_model(FunctionalView(zoo.functional(), linear=True))
    before = np.random.get_state()[1].copy()
    first = METHODS["smoothgrad"](scored, zoo.PICTURES, [0, 1, 2], samples=2)
    np.testing.assert_array_equal(np.random.get_state()[1], before)
    again = METHODS["smoothgrad"](scored, zoo.PICTURES, [0, 1, 2], samples=2)
    np.testing.assert_array_equal(first, again)

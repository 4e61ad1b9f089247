import keras
import numpy as np
import pytest

from keras_nn.models import DBN
from keras_nn.models import RBM

X = np.array([[1, 1, 0, 0], [0, 0, 1, 1]] * 20, "float32")


def make():
    model = DBN([RBM((2, 2, 1), 6, name="a"), RBM((6,), 3, name="b")], 5)
    model.compile(keras.optimizers.SGD(0.1))
    return model


def test_each_layer_learns_in_its_turn_alone():
    model = make()
    pictures = X.reshape(-1, 2, 2, 1)
    start = model.get_weights()
    model.fit(pictures, batch_size=8, epochs=1, verbose=0)  # five steps
    middle = model.get_weights()
    model.fit(pictures, batch_size=8, epochs=2, verbose=0)
    end = model.get_weights()
    names = [w.path.split("/")[-2] for w in model.weights]
    for name, a, b, c in zip(names, start, middle, end, strict=True):
        moved = (not np.array_equal(a, b), not np.array_equal(b, c))
        assert moved == ((True, False) if name == "a" else (False, True)), name


def test_features_are_those_of_the_stack_and_a_file_keeps_them(tmp_path):
    model = make()
    pictures = X.reshape(-1, 2, 2, 1)
    model.fit(pictures, epochs=8, verbose=0)
    below = model.rbms[0].features(pictures)
    np.testing.assert_allclose(model(pictures), model.rbms[1].features(below))
    assert model.generate(3, steps=5, seed=0).shape == (3, 2, 2, 1)
    assert np.isfinite(model.evaluate(pictures, verbose=0)).all()
    model.save(tmp_path / "a.keras")
    loaded = keras.saving.load_model(tmp_path / "a.keras")
    np.testing.assert_allclose(loaded(pictures), model(pictures), atol=1e-6)


@pytest.mark.parametrize(
    "rbms, message",
    [
        (lambda: [], "must hold an RBM"),
        (lambda: [RBM((4,), 3), RBM((2,), 2)], "3 hidden units below 2"),
        (
            lambda: [RBM((4,), 3), RBM((3,), 2, "gaussian")],
            "below 3 gaussian ones",
        ),
    ],
)
def test_refuses_stacks_that_do_not_fit(rbms, message):
    with pytest.raises(ValueError, match=message):
        DBN(rbms(), 5)

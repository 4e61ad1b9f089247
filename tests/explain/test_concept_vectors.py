import keras
import numpy as np
import pytest

from keras_nn.explain import ConceptVectors

RNG = np.random.default_rng(0)


def model():
    """Class 1 rises with the first number and falls with the second."""
    inputs = keras.Input((6,))
    hidden = keras.layers.Dense(
        6, kernel_initializer="identity", name="hidden"
    )(inputs)
    outputs = keras.layers.Dense(2, activation="softmax", name="out")(hidden)
    net = keras.Model(inputs, outputs)
    kernel = np.zeros((6, 2), "float32")
    kernel[0, 1], kernel[1, 1] = 2, -2
    net.get_layer("out").set_weights([kernel, np.zeros(2, "float32")])
    return net


def examples(count, *shifts):
    x = RNG.normal(size=(count, 6))
    for place, shift in shifts:
        x[:, place] += shift
    return x.astype("float32")


@pytest.fixture(scope="module")
def found():
    beside = examples(40, (4, 3))
    beside[:, :2] -= beside[:, :2].mean(axis=0)
    concepts = {
        "for": examples(40, (0, 3)),
        "against": examples(40, (1, 3)),
        "beside": beside,
    }
    vectors = ConceptVectors(model(), "hidden", runs=20)
    return vectors.test(concepts, examples(200), examples(50), 1)


def test_what_the_class_depends_on_is_significant(found):
    first, second, third = found
    assert first.score > 0.95 and first.is_significant
    assert second.score < 0.05 and second.is_significant
    assert all(f.accuracy > 0.9 for f in found)


def test_what_it_does_not_depend_on_is_not(found):
    # The plane leans a little to this side or that, as of random examples.
    assert found[2].p_value > 0.05 and not found[2].is_significant
    assert found[2].scores.shape == (20,)


def test_the_score_is_the_share_of_positive_slopes():
    """Of a nonlinear score, against a hand-made directional derivative."""
    keras.utils.set_random_seed(1)
    net = keras.Sequential(
        [
            keras.Input((6,)),
            keras.layers.Dense(5, activation="tanh", name="hidden"),
            keras.layers.Dense(4, activation="tanh"),
            keras.layers.Dense(2),
        ]
    )
    vectors = ConceptVectors(net, "hidden", runs=2)
    x, vector = examples(30), RNG.normal(size=5)
    vectors._vector = lambda *_: (vector, 1.0)
    (said,) = vectors.test({"c": examples(5)}, examples(20), x, 0)
    tail = keras.Sequential(net.layers[1:])
    inner = np.asarray(net.layers[0](x))
    step = 1e-2 * vector.astype("float32")
    rise = np.asarray(tail(inner + step) - tail(inner - step))[:, 0]
    assert said.score == pytest.approx((rise > 0).mean())
    assert said.p_value == 1  # random examples gave the same


def test_refuses_what_cannot_be_asked():
    net = model()
    with pytest.raises(ValueError, match="`layer` must be one of .*'none'"):
        ConceptVectors(net, "none").test(
            {"c": examples(4)}, examples(9), examples(2), 1
        )
    with pytest.raises(ValueError, match="Received: 4 and 7 examples"):
        ConceptVectors(net, "hidden").test(
            {"c": examples(4)}, examples(7), examples(2), 1
        )
    with pytest.raises(ValueError, match="Received: runs=1"):
        ConceptVectors(net, "hidden", runs=1)

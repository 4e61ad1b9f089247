import numpy as np
import pytest

from keras_nn.models import DCGANDiscriminator
from keras_nn.testing import check_model

X = np.random.default_rng(0).normal(size=(5, 4, 4, 1)).astype("float32")


def test_conformance():
    arguments = {"input_shape": (4, 4, 1), "filters": [4]}
    arguments["normalization"] = None
    check_model(DCGANDiscriminator, arguments, X, (5, 1), jit=False)


def test_every_kernel_is_normalised():
    model = DCGANDiscriminator((4, 4, 1), [4, 4], "spectral")
    vectors = [w for w in model.non_trainable_weights if w.path.endswith("/u")]
    assert len(vectors) == 3


def test_any_class_is_scored_as_without_one():
    model = DCGANDiscriminator((4, 4, 1), [4], None, num_classes=2)
    table = model.get_layer("classes").embeddings
    table.assign(np.concatenate([np.ones((2, 16)), np.zeros((1, 16))]))
    zero, anything = (
        np.asarray(model({"pictures": X, "labels": np.full(5, label)}))
        for label in (0, 2)
    )
    features = model.features(["features"]).predict(
        {"pictures": X, "labels": np.zeros(5)}, verbose=0
    )
    features = features[0] if isinstance(features, list) else features
    np.testing.assert_allclose(
        zero - anything, features.sum(-1, keepdims=True), rtol=1e-3, atol=1e-5
    )


def test_names_the_class():
    model = DCGANDiscriminator(
        (4, 4, 1), [4], num_classes=3, condition="auxiliary"
    )
    assert model(X).shape == (5, 4)


def test_sees_whether_a_batch_is_all_one():
    model = DCGANDiscriminator((4, 4, 1), [4], None, minibatch_deviation=True)
    alone = model(X[:1])
    among = model(X)
    assert abs(float(alone[0, 0]) - float(among[0, 0])) > 1e-5


def test_refuses_what_it_does_not_know():
    with pytest.raises(ValueError, match="`normalization` must be one of"):
        DCGANDiscriminator((4, 4, 1), normalization="layer")
    with pytest.raises(ValueError, match="`condition` must be one of"):
        DCGANDiscriminator((4, 4, 1), condition="text")

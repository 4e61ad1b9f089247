import keras
import numpy as np
import pytest

from keras_nn.models import ResNet
from keras_nn.pretrained.keras_applications import copy_resnet_weights
from keras_nn.pretrained.keras_applications import load_resnet


def randomise(model):
    """Weights as training leaves them: no statistic at its start value."""
    generator = np.random.default_rng(0)
    for weight in model.weights:
        if "kernel" not in weight.name:
            weight.assign(generator.uniform(0.5, 1.5, size=weight.shape))


@pytest.mark.parametrize("version", ["ResNet50", "ResNet50V2"])
def test_both_forms_give_the_same_features(version):
    constructor = getattr(keras.applications, version)
    theirs = constructor(
        weights=None, include_top=False, input_shape=(64, 64, 3)
    )
    randomise(theirs)
    ours = ResNet.from_preset(
        version.lower(), include_top=False, input_shape=(64, 64, 3)
    )
    assert copy_resnet_weights(theirs, ours) == len(theirs.weights)
    assert ours.count_params() == theirs.count_params()
    x = np.random.default_rng(0).normal(size=(1, 64, 64, 3)).astype("float32")
    expected = theirs.predict(x, verbose=0)
    np.testing.assert_allclose(
        ours.predict(x, verbose=0),
        expected,
        rtol=0,
        atol=1e-5 * np.abs(expected).max(),
    )


@pytest.mark.slow
@pytest.mark.parametrize("size", [75, 160])
@pytest.mark.parametrize("version", ["ResNet50", "ResNet50V2"])
def test_both_forms_classify_alike_and_port_back(version, size):
    shape = (size, size, 3)
    constructor = getattr(keras.applications, version)
    theirs = constructor(weights=None, input_shape=shape)
    randomise(theirs)
    ours = ResNet.from_preset(version.lower(), input_shape=shape)
    copy_resnet_weights(theirs, ours)
    again = constructor(weights=None, input_shape=shape)
    copy_resnet_weights(ours, again)
    x = np.random.default_rng(0).normal(size=(2, *shape)).astype("float32")
    expected = theirs.predict(x, verbose=0)
    for model in (ours, again):
        scores = model.predict(x, verbose=0)
        np.testing.assert_allclose(scores, expected, rtol=0, atol=1e-5)


def test_refuses_a_network_that_does_not_fit():
    small = ResNet(num_blocks=[1], num_filters=[4], stem="cifar", classes=2)
    other = ResNet(num_blocks=[2], num_filters=[4], stem="cifar", classes=3)
    before = other.get_weights()
    with pytest.raises(ValueError, match="missing in the source: .*block2"):
        copy_resnet_weights(small, other)
    with pytest.raises(ValueError, match=r"predictions/bias: \(2,\) to \(3,\)"):
        copy_resnet_weights(small, other)
    for a, b in zip(before, other.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_refuses_an_unknown_preset():
    with pytest.raises(ValueError, match="Received: preset='resnet18'"):
        load_resnet("resnet18")

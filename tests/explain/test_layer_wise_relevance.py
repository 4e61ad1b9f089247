import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from keras_nn.explain import LayerWiseRelevance
from keras_nn.explain.layer_wise_relevance import RULES
from keras_nn.models import ResNet
from keras_nn.models import VisionTransformer

RANDOM = np.random.default_rng(0)


def convolutional(use_bias=False):
    keras.utils.set_random_seed(0)
    return keras.Sequential(
        [
            keras.Input((10, 10, 2)),
            layers.Conv2D(4, 3, activation="relu", use_bias=use_bias),
            layers.MaxPooling2D(2),
            layers.DepthwiseConv2D(3, padding="same", use_bias=use_bias),
            layers.ReLU(),
            layers.AveragePooling2D(2),
            layers.Flatten(),
            layers.Dense(8, "relu", use_bias=use_bias),
            layers.Dropout(0.5),
            layers.Dense(3, "softmax", use_bias=use_bias),
        ]
    )


PICTURES = RANDOM.normal(size=(3, 10, 10, 2)).astype("float32")


def relative_loss(found, explain, pictures):
    flat = explain.scores.view.flat_inputs(pictures)
    scores = explain.values(flat, found.targets)
    return np.abs(found.convergence_delta / scores).max()


@pytest.mark.parametrize("rule", RULES)
def test_relevance_is_conserved_without_biases(rule):
    explain = LayerWiseRelevance(convolutional(), rule=rule)
    found = explain(PICTURES)
    assert relative_loss(found, explain, PICTURES) < 1e-4
    assert np.abs(found.attributions).max() > 0


def test_rules_hold_where_functions_run_eagerly():
    expected = LayerWiseRelevance(convolutional())(PICTURES).attributions
    tf.config.run_functions_eagerly(True)
    try:
        found = LayerWiseRelevance(convolutional())(PICTURES).attributions
    finally:
        tf.config.run_functions_eagerly(False)
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_biases_keep_their_share_unless_told():
    model = convolutional(use_bias=True)
    for layer in model.layers:
        if getattr(layer, "use_bias", False):
            layer.bias.assign(np.full(layer.bias.shape, 0.1))
    keeps = LayerWiseRelevance(model, rule="z+")
    gives = LayerWiseRelevance(model, rule="z+", absorb_bias=False)
    assert relative_loss(keeps(PICTURES), keeps, PICTURES) > 1e-2
    assert relative_loss(gives(PICTURES), gives, PICTURES) < 1e-4


def test_conserved_through_a_residual_network_with_normalisation():
    keras.utils.set_random_seed(0)
    model = ResNet(
        input_shape=(8, 8, 3),
        num_blocks=[1, 1],
        num_filters=[4, 8],
        bottleneck=False,
        stem="cifar",
        classes=3,
    )
    for weight in model.weights:
        if "kernel" not in weight.name:
            weight.assign(RANDOM.uniform(0.2, 1.0, weight.shape))
    pictures = RANDOM.uniform(0, 1, (2, 8, 8, 3)).astype("float32")
    explain = LayerWiseRelevance(model, absorb_bias=False)
    assert relative_loss(explain(pictures), explain, pictures) < 1e-4


def test_conserved_through_attention():
    keras.utils.set_random_seed(1)
    model = VisionTransformer(
        input_shape=(8, 8, 3),
        patch_size=4,
        hidden_dim=8,
        num_layers=2,
        num_heads=2,
        classes=3,
        class_token=False,
    )
    pictures = RANDOM.normal(size=(2, 8, 8, 3)).astype("float32")
    explain = LayerWiseRelevance(model, rule="epsilon", absorb_bias=False)
    found = explain(pictures, 1)
    assert np.abs(found.convergence_delta).max() < 1e-4


def test_the_epsilon_rule_of_relus_without_biases_is_input_x_gradient():
    from keras_nn.explain import InputXGradient

    model = convolutional()
    one = LayerWiseRelevance(model, rule="epsilon", epsilon=1e-9)(PICTURES)
    other = InputXGradient(model)(PICTURES)
    np.testing.assert_allclose(one.attributions, other.attributions, atol=1e-4)


def test_a_layer_may_have_a_rule_of_its_own():
    model = convolutional()
    name = model.layers[0].name
    explain = LayerWiseRelevance(
        model, rule="epsilon", layer_rules={name: "z+"}
    )
    found = explain(PICTURES)
    plain = LayerWiseRelevance(model, rule="epsilon")(PICTURES)
    assert np.abs(found.attributions - plain.attributions).max() > 1e-3
    with pytest.raises(ValueError, match=r"Received: \['none'\]"):
        LayerWiseRelevance(model, layer_rules={"none": "z+"})(PICTURES)


def test_refuses_what_it_has_no_rule_for():
    inputs = keras.Input((4, 3))
    recurrent = keras.Model(inputs, layers.Dense(2)(layers.LSTM(5)(inputs)))
    with pytest.raises(ValueError, match="of class LSTM$"):
        LayerWiseRelevance(recurrent)(np.ones((1, 4, 3)))
    model = convolutional()
    with pytest.raises(ValueError, match="Received: 'zzz'"):
        LayerWiseRelevance(model, rule="zzz")
    with pytest.raises(ValueError, match="Received: alpha=2.0, beta=2"):
        LayerWiseRelevance(model, beta=2)
    with pytest.raises(ValueError, match="Received: epsilon=0"):
        LayerWiseRelevance(model, epsilon=0)

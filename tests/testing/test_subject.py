import keras
import numpy as np

from keras_nn.testing.subject import Subject


def test_every_layer_is_new_and_sees_the_same_inputs():
    subject = Subject(
        keras.layers.MultiHeadAttention,
        {"num_heads": 1, "key_dim": 2},
        (2, 3, 4),
        {"value": (2, 5, 4), "return_attention_scores": True},
    )
    layer = subject.make()
    assert layer is not subject.make()
    outputs, scores = subject.call(layer)
    assert outputs.shape == (2, 3, 4) and scores.shape == (2, 1, 3, 5)
    assert subject.plain == {"return_attention_scores": True}


def test_a_step_gives_a_gradient_for_every_weight():
    subject = Subject(keras.layers.Dense, lambda: {"units": 2}, (2, 3))
    layer = subject.make()
    subject.call(layer)
    outputs, gradients = subject.step(layer)
    assert outputs.shape == (2, 2) and len(gradients) == 2
    assert all(np.abs(np.asarray(g)).max() > 0 for g in gradients)

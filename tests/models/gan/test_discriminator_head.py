import keras
import pytest

from keras_nn.layers import SpectralNormalized
from keras_nn.models.gan import discriminator_head as head


def test_a_kernel_is_normalised_where_that_is_wanted():
    dense = keras.layers.Dense(1, name="score")
    assert head.normalized(dense, False) is dense
    assert isinstance(head.normalized(dense, True), SpectralNormalized)
    assert head.normalized(dense, True).name == "score_spectral"


def test_says_a_score_and_the_logits_of_classes():
    x = keras.Input((4,))
    labels = keras.Input((), dtype="int32")
    for inputs, classes, how, says in (
        (None, None, "projection", 1),
        (None, 3, "auxiliary", 4),
        (labels, 3, "projection", 1),
    ):
        said = head.scored(x, inputs, classes, how, False, "float32")
        assert said.shape == (None, says)


def test_refuses_an_unknown_condition():
    head.check_condition("auxiliary")
    with pytest.raises(ValueError, match="`condition` must be one of"):
        head.check_condition("both")

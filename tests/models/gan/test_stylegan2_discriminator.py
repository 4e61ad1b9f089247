import numpy as np
import pytest

from keras_nn.models import StyleGAN2Discriminator
from keras_nn.testing import check_model

X = np.random.default_rng(0).normal(size=(4, 8, 8, 1)).astype("float32")


def test_conformance():
    arguments = {"input_shape": (8, 8, 1), "filters": [4, 3]}
    # It looks across the batch, and is trained in the test of StyleGAN2.
    check_model(
        StyleGAN2Discriminator, arguments, X, batch=False, jit=False, fit=False
    )


@pytest.mark.slow
def test_has_the_published_number_of_weights():
    model = StyleGAN2Discriminator.from_preset("stylegan2_1024")
    assert model.count_params() == 29_012_513


def test_classes_are_told_or_named():
    told = StyleGAN2Discriminator((8, 8, 1), [4, 3], num_classes=3)
    assert told({"pictures": X, "labels": np.zeros(4)}).shape == (4, 1)
    names = StyleGAN2Discriminator(
        (8, 8, 1), [4, 3], num_classes=3, condition="auxiliary"
    )
    assert names(X).shape == (4, 4)


def test_refuses_filters_that_do_not_double_to_the_picture():
    with pytest.raises(ValueError, match="`input_shape` must be 8 by 8"):
        StyleGAN2Discriminator((8, 4, 1), [4, 4])

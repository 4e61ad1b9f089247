import keras
import numpy as np
import pytest

from keras_nn.models import StyleGAN2Generator
from keras_nn.testing import check_model

X = np.random.default_rng(0).normal(size=(4, 3)).astype("float32")
SMALL = {
    "noise_units": 3,
    "output_shape": (8, 8, 1),
    "filters": [4, 3],
    "style_units": 4,
    "mapping_layers": 1,
}


def test_conformance():
    # It is trained in the test of StyleGAN2.
    check_model(StyleGAN2Generator, SMALL, X, jit=False, fit=False)


@pytest.mark.slow
def test_has_the_published_number_of_weights():
    model = StyleGAN2Generator.from_preset("stylegan2_1024")
    trainable = sum(np.prod(w.shape) for w in model.trainable_weights)
    assert trainable == 30_370_060 and model.num_styles == 18


def test_late_styles_leave_the_small_sizes_alone():
    model = StyleGAN2Generator(**SMALL)
    assert model.num_styles == 4
    styles = np.ones((1, 4, 4), "float32")
    other = np.array(styles)
    other[:, 2:] = 5.0
    small = model.synthesis.get_layer("drawn_4")
    first = keras.Model(model.synthesis.input, small.output)
    np.testing.assert_array_equal(first(styles), first(other))
    assert np.abs(model.synthesis(styles) - model.synthesis(other)).max() > 0
    mapped = np.asarray(model.mapping(X))
    whole = model.synthesis(np.repeat(mapped[:, None], 4, axis=1))
    np.testing.assert_allclose(model(X), whole, atol=1e-6)


def test_the_size_of_noise_does_not_matter():
    model = StyleGAN2Generator(**SMALL)
    np.testing.assert_allclose(
        model.mapping(X), model.mapping(9 * X), rtol=1e-3, atol=1e-5
    )


def test_refuses_filters_that_do_not_double_to_the_picture():
    with pytest.raises(ValueError, match="`output_shape` must be 8 by 8"):
        StyleGAN2Generator(3, (16, 16, 1), [4, 4])

import numpy as np
import pytest

from keras_nn.models import MLPMixer
from keras_nn.testing import check_model

TINY = {
    "input_shape": (8, 8, 3),
    "classes": 3,
    "classifier_activation": None,
    "patch_size": 4,
    "hidden_dim": 6,
    "num_layers": 1,
    "token_dim": 3,
    "channel_dim": 8,
}


def test_conformance():
    check_model(MLPMixer, TINY, (4, 8, 8, 3), (4, 3), fit=False)


@pytest.mark.parametrize(
    "preset, weights",
    # timm's.
    [("mixer_small_patch16", 18_528_264), ("mixer_small_patch32", 19_104_624)],
)
def test_has_the_published_number_of_weights(preset, weights):
    assert MLPMixer.from_preset(preset).count_params() == weights


def test_gives_tokens_their_mean_or_their_map():
    tokens = MLPMixer(**TINY, include_top=False)
    pooled = MLPMixer(**TINY, include_top=False, pooling="avg")
    pooled.set_weights(tokens.get_weights())
    x = np.random.default_rng(0).normal(size=(2, 8, 8, 3)).astype("float32")
    y = tokens.predict(x, verbose=0)
    np.testing.assert_allclose(pooled(x), y.mean(1), rtol=1e-4, atol=1e-5)
    fmap = tokens.features_only()(x)
    np.testing.assert_allclose(np.reshape(fmap, y.shape), y, atol=1e-5)


def test_refuses_pictures_of_any_size():
    with pytest.raises(ValueError, match="Received: input_shape="):
        MLPMixer(**{**TINY, "input_shape": (None, None, 3)})

import numpy as np
import pytest

from keras_nn.models.flow.flow_presets import PRESETS
from keras_nn.models.flow.flow_presets import coupled

ROWS = np.random.default_rng(0).normal(size=(4, 3)).astype("float32")
SMALL = {"planar": {}, "radial": {}, "ffjord": {"units": [4], "steps": 8}}


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_rows_lead_to_codes_and_back(name):
    given = SMALL.get(name, {"units": [4]})
    chain = PRESETS[name]((3,), depth=2, **given)
    chain.adapt(ROWS)
    codes, _ = chain(ROWS)
    assert codes.shape == ROWS.shape
    back, _ = chain(codes, inverse=True)
    np.testing.assert_allclose(back, ROWS, atol=1e-5)


@pytest.mark.parametrize("name", ["real_nvp", "glow"])
def test_pictures_are_seen_at_several_scales(name):
    x = np.random.default_rng(0).uniform(size=(2, 4, 8, 1)).astype("float32")
    chain = PRESETS[name]((4, 8, 1), discrete=True, depth=1, filters=4)
    codes, _ = chain(x)
    assert codes.shape == x.shape
    np.testing.assert_allclose(chain(codes, inverse=True)[0], x, atol=1e-5)
    names = [layer.name for layer in chain._flatten_layers()]
    assert names[1] == "logit" and "coarser" in names


def test_refuses_no_layer_and_a_single_value():
    with pytest.raises(ValueError, match="`depth` must be positive"):
        coupled((2,), depth=0)
    with pytest.raises(ValueError, match="two values at least"):
        coupled((1,))

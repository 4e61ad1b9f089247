import numpy as np
import pytest
from keras import ops
from scipy.special import log_softmax

from keras_nn.losses import CategoricalNLL
from keras_nn.losses import categorical_nll
from keras_nn.testing import check_loss

RNG = np.random.default_rng(0)
LEVEL = RNG.integers(0, 3, (4, 5, 2))
Y = (LEVEL / 2).astype("float32")
LOGITS = RNG.normal(size=(4, 5, 6)).astype("float32")


def test_conformance():
    check_loss(CategoricalNLL, {"levels": 3, "value_range": (0, 1)}, Y, LOGITS)


def test_equals_scipy():
    # The logits of level k of channel c stand at 2 k + c.
    each = log_softmax(LOGITS.reshape(4, 5, 3, 2), axis=2)
    expected = -np.take_along_axis(each, LEVEL[:, :, None], axis=2)
    found = CategoricalNLL(3, reduction="none")(Y, LOGITS)
    np.testing.assert_allclose(found, expected.sum((1, 2, 3)), rtol=1e-5)
    indices = categorical_nll(LEVEL.astype("float32"), LOGITS, 3, (0, 2))
    np.testing.assert_allclose(indices, found, rtol=1e-5)


def test_draws_as_often_as_the_probabilities_say():
    logits = np.log([0.5, 0.2, 0.3]).astype("float32")
    logits = ops.convert_to_tensor(np.tile(logits, (20_000, 1)))
    loss = CategoricalNLL(3, (0, 2))
    drawn = ops.convert_to_numpy(loss.draw(logits, seed=0)).ravel()
    share = np.bincount(drawn.astype(int), minlength=3) / len(drawn)
    np.testing.assert_allclose(share, [0.5, 0.2, 0.3], atol=0.02)
    assert float(loss.mean(logits)[0, 0]) == pytest.approx(0.8, rel=1e-5)


@pytest.mark.parametrize(
    "given, message",
    [
        ({"levels": 1}, "`levels` must be at least 2"),
        ({"levels": 4, "value_range": (1, 0)}, "`value_range` must rise"),
    ],
)
def test_refuses_what_is_no_scale(given, message):
    with pytest.raises(ValueError, match=message):
        CategoricalNLL(**given)

import numpy as np
import pytest
from keras import ops
from scipy import stats

from keras_nn.losses import DiscretizedLogisticNLL
from keras_nn.testing import check_loss
from keras_nn.testing.backend import TENSORFLOW

RNG = np.random.default_rng(0)
Y = RNG.integers(0, 8, (4, 3, 2)).astype("float32") / 7


def said(components):
    kinds = 2 if components == 1 else 3
    size = 2 * kinds * components
    return RNG.normal(size=(4, 3, size)).astype("float32")


@pytest.mark.parametrize("components", [1, 3])
def test_conformance(components):
    check_loss(
        DiscretizedLogisticNLL,
        {"levels": 8, "components": components},
        Y,
        said(components),
    )


def test_equals_scipy_and_probabilities_sum_to_one():
    y_pred = said(3)
    logits, mean, scale = (
        part.reshape(4, 3, 2, 3).astype("float64")
        for part in np.split(y_pred, 3, axis=-1)
    )
    weight = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    edges = (np.arange(1, 8) * 2 - 1) / 7 - 1  # between the levels, -1 to 1
    below = stats.logistic.cdf(
        edges[:, None, None, None, None], mean, np.exp(scale)
    )
    ones = np.ones((1, *mean.shape))
    each = np.diff(np.concatenate([0 * ones, below, ones]), axis=0)
    table = (each * weight).sum(-1)  # (levels, 4, 3, 2)
    level = np.rint(Y * 7).astype(int)[None]
    chosen = np.take_along_axis(table, level, axis=0)[0]
    loss = DiscretizedLogisticNLL(levels=8, components=3, reduction="none")
    np.testing.assert_allclose(
        loss(Y, y_pred), -np.log(chosen).sum(axis=(1, 2)), rtol=1e-4
    )
    total = sum(
        ops.exp(-loss.value_nll(ops.full((4, 3, 2), k / 7), y_pred))
        for k in range(8)
    )
    np.testing.assert_allclose(total, np.ones((4, 3, 2)), atol=1e-5)


@pytest.mark.skipif(not TENSORFLOW, reason="compares with TensorFlow's")
def test_equals_tensorflow_probability():
    import tensorflow_probability as tfp

    tfd = tfp.distributions
    y_pred = said(1)[..., :4]
    mean, log_scale = np.split(y_pred, 2, axis=-1)
    levels = 8  # 0..7, as the range of the parameters is -1..1
    logistic = tfd.QuantizedDistribution(
        tfd.TransformedDistribution(
            tfd.Logistic((mean + 1) * 3.5, np.exp(log_scale) * 3.5),
            tfp.bijectors.Shift(-0.5),
        ),
        low=0.0,
        high=levels - 1.0,
    )
    expected = -logistic.log_prob(np.rint(Y * 7)).numpy().sum(axis=(1, 2))
    loss = DiscretizedLogisticNLL(levels=levels, reduction="none")
    np.testing.assert_allclose(loss(Y, y_pred), expected, rtol=1e-4)


def test_draws_levels_as_often_as_it_says():
    loss = DiscretizedLogisticNLL(levels=3, components=2)
    one = np.array([[0.3, -0.5, -0.4, 0.6, -1.0, -1.5]], "float32")
    drawn = ops.convert_to_numpy(loss.draw(np.tile(one, (30_000, 1)), seed=0))
    for value in (0.0, 0.5, 1.0):
        nats = float(loss(np.full((1, 1), value), one))
        assert abs(np.mean(drawn == value) - np.exp(-nats)) < 0.015


def test_refuses_one_level_and_a_falling_range():
    with pytest.raises(ValueError, match="`levels` must be at least 2"):
        DiscretizedLogisticNLL(levels=1)
    with pytest.raises(ValueError, match="`value_range` must rise"):
        DiscretizedLogisticNLL(value_range=(1, 0))

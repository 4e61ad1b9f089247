import keras
import numpy as np
import pytest
from keras.ops import convert_to_tensor as tensor

from keras_nn.callbacks import ActiveUnits
from keras_nn.callbacks import CodeProjector
from keras_nn.callbacks import CodeSample
from keras_nn.callbacks import LatentMap
from keras_nn.callbacks import LatentTraversals
from keras_nn.models import FactorVAE
from keras_nn.testing import check_callback


@pytest.mark.slow
@pytest.mark.parametrize(
    "cls", [ActiveUnits, CodeProjector, LatentMap, LatentTraversals]
)
def test_conformance(cls, coders):
    def model():
        return coders.vae(num_classes=3)

    check_callback(
        cls,
        {"sample": (coders.x, coders.y)},
        model=model,
        x=coders.x,
        y=coders.y,
    )


def test_who_has_what_is_shown(coders):
    told = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    factor = FactorVAE(coders.vae(), told)
    plain = coders.plain()
    models = [coders.vae(), factor, plain, coders.maps(), plain.encoder]
    for cls, who in (
        (ActiveUnits, [True, True, False, False, False]),
        (LatentTraversals, [True, True, True, False, False]),
        (LatentMap, [True, True, True, True, False]),
        (CodeProjector, [True, True, True, True, False]),
    ):
        assert [cls.suits(model) for model in models] == who


def test_refuses_a_model_without_a_posterior(coders, tmp_path):
    instrument = ActiveUnits(tmp_path, (coders.x, None))
    instrument.set_model(coders.plain())
    with pytest.raises(ValueError, match="the posterior.*a Autoencoder"):
        instrument.on_train_begin()


def test_codes_that_are_not_finite_are_left_out(coders, tmp_path):
    model = coders.vae()
    model.encoder.trainable_variables[0].assign(np.full((16, 8), np.nan))
    with pytest.warns(UserWarning, match="LatentMap writes nothing"):
        instrument = LatentMap(tmp_path, (coders.x, None))
        instrument.set_model(model)
        instrument.on_train_begin()
        instrument.on_epoch_end(0)
    assert not list(tmp_path.glob("validation/*"))


def test_instruments_share_one_look_of_the_encoder(coders, tmp_path):
    sample, model = CodeSample((coders.x, coders.y)), coders.vae(num_classes=3)
    first, second = (cls(tmp_path, sample) for cls in (ActiveUnits, LatentMap))
    assert first.sample is second.sample
    mean, log_variance = sample.codes(model)
    assert sample.codes(model)[0] is mean
    expected = model.posterior(tensor(coders.x), tensor(coders.y))
    np.testing.assert_allclose(mean, expected[0], rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(log_variance, expected[1], rtol=1e-4, atol=1e-6)
    for weight in model.encoder.trainable_variables:
        weight.assign(0 * weight)
    assert not np.allclose(sample.codes(model)[0], mean)

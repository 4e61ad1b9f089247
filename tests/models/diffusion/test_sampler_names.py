import pytest

from keras_nn.models import DDPMSampler
from keras_nn.models import HeunSampler
from keras_nn.models.diffusion.sampler_names import SAMPLERS
from keras_nn.models.diffusion.sampler_names import as_sampler


def test_a_name_is_a_sampler_clipped_as_the_model_is():
    for name, cls in SAMPLERS.items():
        found = as_sampler(name, 0.5)
        assert type(found) is cls and found.clip == 0.5
    assert type(as_sampler(None, None, "ddpm")) is DDPMSampler
    given = HeunSampler(clip=2.0)
    assert as_sampler(given, 0.5) is given


def test_refuses_another_name():
    with pytest.raises(ValueError, match=r"one of.*'euler-ancestral'.*'plms'"):
        as_sampler("plms", None)

import numpy as np
import pytest

from keras_nn.models import EDSR
from keras_nn.testing import check_model

SMALL = {"filters": 4, "num_blocks": 1, "residual_scale": 0.5}


def test_conformance():
    # Replicas and XLA are asked of ESPCN, of the same layers.
    check_model(
        EDSR,
        {"input_shape": (6, 5, 3), "scale": 2, **SMALL},
        (3, 6, 5, 3),
        (3, 12, 10, 3),
        jit=False,
        replicas=False,
    )


@pytest.mark.parametrize("scale", [2, 3, 4])
def test_enlarges_pictures_of_any_size(scale):
    model = EDSR(scale=scale, **SMALL)
    assert model.output_shape == (None, None, None, 3)
    for height, width in ((5, 7), (6, 4)):
        y = model(np.zeros((1, height, width, 3)))
        assert y.shape == (1, scale * height, scale * width, 3)


def test_sizes_are_those_of_the_paper():
    # The counts of the authors' baselines.
    for scale, count in ((2, 1_369_859), (3, 1_554_499), (4, 1_517_571)):
        model = EDSR.from_preset(f"edsr_baseline_x{scale}")
        assert model.count_params() == count


def test_refuses_what_it_cannot_be():
    with pytest.raises(ValueError, match="Received: scale=5"):
        EDSR(scale=5)
    with pytest.raises(ValueError, match="Received: filters=0"):
        EDSR(filters=0)

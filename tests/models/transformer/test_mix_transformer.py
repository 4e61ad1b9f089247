import keras
import numpy as np
import pytest

from keras_nn.models import MixTransformer
from keras_nn.models import SegFormer
from keras_nn.testing import check_model

TINY = {
    "input_shape": (16, 24, 3),
    "classes": 3,
    "classifier_activation": None,
    "depths": [1, 1],
    "widths": [4, 8],
    "num_heads": [1, 2],
    "reductions": [2, 1],
    "patch_sizes": [7, 3],
    "patch_strides": [4, 2],
}


@pytest.mark.slow
def test_conformance():
    check_model(
        MixTransformer,
        {**TINY, "drop_path": 0.0},
        (4, 16, 24, 3),
        (4, 3),
        fit=False,
        jit=False,
    )


def test_the_smallest_has_the_papers_weights():
    with keras.StatelessScope():  # draws no weight
        backbone = MixTransformer.from_preset(
            "mit_b0", include_top=False, input_shape=(64, 64, 3)
        )
        model = SegFormer(backbone, classes=150)
    assert backbone.count_params() == 3_319_392  # counted by hand
    assert round(model.count_params() / 1e6, 1) == 3.8  # table 1
    assert backbone.strides == [4, 8, 16, 32]


def test_maps_of_any_size_make_a_segmenter():
    """One network takes several sizes, whose sides are multiples."""
    backbone = MixTransformer(
        **{**TINY, "include_top": False, "input_shape": (None, None, 3)}
    )
    model = SegFormer(backbone, classes=2, filters=4)
    assert model.strides == [4, 8]
    for shape in ((1, 16, 24, 3), (2, 32, 8, 3)):
        found = model(np.ones(shape, "float32"))
        assert tuple(found.shape) == (*shape[:3], 2)


@pytest.mark.parametrize(
    "change", [{"depths": [1]}, {"patch_sizes": [7, 4]}, {"num_heads": [1, 3]}]
)
def test_refuses_stages_that_do_not_fit(change):
    with pytest.raises(ValueError, match="must (have|be|divide).*Received"):
        MixTransformer(**{**TINY, **change})

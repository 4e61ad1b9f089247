import numpy as np
import pytest

from keras_nn.models import UNetPlusPlus
from keras_nn.testing import check_model

SMALL = {"input_shape": (4, 4, 1), "filters": [3, 4], "classes": 2}


def test_conformance():
    arguments = {**SMALL, "classifier_activation": None}
    check_model(
        UNetPlusPlus,
        arguments,
        (3, 4, 4, 1),
        (3, 4, 4, 2),
        jit=False,
        half=False,
    )


def test_has_a_block_for_every_pair_of_size_and_depth():
    filters, expected = [2, 3, 4, 5], 0
    model = UNetPlusPlus(filters=filters, deep_supervision=True)
    for level, width in enumerate(filters):
        for column in range(len(filters) - level):
            before = filters[level - 1] if level else 1
            if column:
                before = (column + 1) * width
                expected += 4 * filters[level + 1] * width + width  # double
            expected += 9 * before * width + width
            expected += 9 * width * width + width
    expected += 3 * (filters[0] * 2 + 2)  # classifiers on three maps
    assert model.count_params() == expected
    assert model.stride == 8


def test_supervised_scores_are_the_mean_of_every_depth():
    model = UNetPlusPlus(
        input_shape=(4, 4, 1), filters=[2, 3, 4], deep_supervision=True
    )
    x = np.random.default_rng(0).normal(size=(2, 4, 4, 1)).astype("float32")
    parts = model.features(["predictions_0", "predictions_1"])(x)
    np.testing.assert_allclose(model(x), (parts[0] + parts[1]) / 2, rtol=1e-5)


def test_rejects_supervision_without_a_top():
    with pytest.raises(ValueError, match="`deep_supervision` needs the top"):
        UNetPlusPlus(False, deep_supervision=True)

import numpy as np
import pytest
from keras import ops

from keras_nn.models import TextCNN
from keras_nn.testing import check_model

SIZES = {"vocabulary_size": 11, "width": 6, "filters": 4}
IDS = np.array([[3, 4, 5, 6, 0, 0], [7, 8, 9, 10, 1, 2], [1, 0, 0, 0, 0, 0]])


def test_conformance():
    arguments = {**SIZES, "dropout": 0.0, "classifier_activation": None}
    check_model(TextCNN, arguments, IDS, (3, 2))


def test_kims_sizes():
    model = TextCNN(vocabulary_size=100)
    convolutions = sum(k * 300 * 100 + 100 for k in (3, 4, 5))
    assert model.count_params() == 100 * 300 + convolutions + 300 * 2 + 2


def test_padding_changes_nothing():
    model = TextCNN(include_top=False, **SIZES)
    short = model(IDS[:1, :4])
    np.testing.assert_allclose(model(IDS[:1]), short, rtol=1e-6)


def test_the_order_of_words_matters_within_a_filter_only():
    model = TextCNN(include_top=False, kernel_sizes=[1], **SIZES)
    words = np.array([[3, 4, 5], [5, 3, 4]])
    y = ops.convert_to_numpy(model(words))
    np.testing.assert_allclose(y[0], y[1], rtol=1e-6)


def test_wrong_sizes_are_refused():
    with pytest.raises(ValueError, match="Received: vocabulary_size=0"):
        TextCNN(vocabulary_size=0)
    with pytest.raises(ValueError, match=r"kernel_sizes=\[\]"):
        TextCNN(kernel_sizes=[])

import numpy as np
import pytest

from keras_nn.models import RecurrentTagger
from keras_nn.testing import check_model

SIZES = {"vocabulary_size": 9, "width": 5, "units": 4, "dropout": 0.0}
LETTERS = {"num_characters": 7, "character_width": 3, "filters": 3}
WORDS = np.array([[3, 4, 5, 0], [6, 7, 8, 2], [1, 2, 0, 0]])
INPUTS = {
    "words": WORDS,
    "characters": np.arange(60).reshape(3, 4, 5) % 7 * (WORDS > 0)[..., None],
}


@pytest.mark.slow
def test_conformance_with_letters():
    check_model(RecurrentTagger, {**SIZES, **LETTERS}, INPUTS, (3, 4, 8))


@pytest.mark.slow
def test_conformance_without_letters():
    arguments = {**SIZES, "cell": "gru", "num_layers": 2}
    check_model(RecurrentTagger, arguments, WORDS, (3, 4, 8), export=False)


def test_padding_changes_nothing():
    model = RecurrentTagger(**SIZES, **LETTERS)
    long = np.asarray(model(INPUTS))
    short = model({name: x[:1, :3] for name, x in INPUTS.items()})
    np.testing.assert_allclose(long[:1, :3], short, rtol=1e-5)
    more = np.pad(INPUTS["characters"], ((0, 0), (0, 0), (0, 3)))
    padded = np.asarray(model({**INPUTS, "characters": more}))
    there = WORDS > 0
    np.testing.assert_allclose(padded[there], long[there], rtol=1e-5)


def test_wrong_arguments_are_refused():
    with pytest.raises(ValueError, match="Received: units=0"):
        RecurrentTagger(9, units=0)
    with pytest.raises(ValueError, match="Received: cell='rnn'"):
        RecurrentTagger(9, cell="rnn")

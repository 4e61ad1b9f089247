import numpy as np
import pytest

from keras_nn import data
from keras_nn.applications import MaskedLanguageModel
from keras_nn.applications.blank_filling import MASK
from keras_nn.models import BERT

pytest.importorskip("tokenizers")
TEXT = "unbelievable cats are sitting on unbelievable mats . " * 8


@pytest.fixture(params=["wordpiece", "byte-level", "bpe"])
def app(request):
    size = 290 if request.param == "byte-level" else 40
    tokenizer = data.SubwordTokenizer.train(
        [TEXT], size, request.param, special_tokens=[MASK]
    )
    network = BERT(
        tokenizer.vocabulary_size, 16, 0, False, 1, 2, 8, head="masked_lm"
    )
    return MaskedLanguageModel(network, tokenizer, max_length=16, rate=0.3)


def test_words_of_several_pieces_are_hidden_whole(app):
    windows = app.windows(TEXT)
    words = np.array(app.tokenizer.word_numbers(TEXT))[:-1]
    hidden = windows.y.ravel()[: len(words)] >= 0
    assert 0.1 < hidden.mean() < 0.6
    starts = np.arange(len(words)) % 16 == 0  # words that windows cut
    pieces = [
        hidden[(words == word) & (np.cumsum(starts) == window)]
        for word in np.unique(words)
        for window in np.unique(np.cumsum(starts)[words == word])
    ]
    assert max(map(len, pieces)) > 1
    assert all(len(set(piece)) == 1 for piece in pieces)
    app.whole_words = False
    alone = app.windows(TEXT).y.ravel()[: len(words)] >= 0
    assert any(len(set(alone[words == word])) == 2 for word in words)


def test_a_mask_stands_for_a_piece_that_is_no_special(app):
    (guesses,) = app.fill("unbelievable [MASK] are sitting", top=3)
    assert len(guesses) == 3
    assert not {piece for piece, _ in guesses} & set(app.tokenizer.specials)
    ids = app._with_masks("cats [MASK] on")
    around = app.tokenizer.encode("cats"), app.tokenizer.encode(" on")
    assert ids == [*around[0], app.tokenizer.id_of(MASK), *around[1]]

import numpy as np
import pytest

from keras_nn.generation import prompts
from keras_nn.models import GPT2
from keras_nn.models import TransformerSeq2Seq

TINY = {"num_layers": 1, "num_heads": 2, "width": 8}


def test_shapes_are_powers_of_two_and_padding_is_outside():
    assert [prompts.round_up(n, 8) for n in (1, 8, 9, 33)] == [8, 8, 16, 64]
    ids, padding = prompts.padded_prompts([[1, 2], [3]], 3, 5)
    assert ids.tolist() == [[0, 1, 2, 0, 0], [0, 0, 3, 0, 0]]
    assert padding.tolist() == [1, 2]
    model = TransformerSeq2Seq(9, **TINY)
    sources = prompts.padded_sources(model, [[4, 3], [5]])
    np.testing.assert_array_equal(sources[:, :3], [[4, 3, 0], [5, 0, 0]])
    assert sources.shape == (2, 8)
    assert prompts.start_texts(model, None, [[4], [5]]) == [[2], [2]]
    assert prompts.start_texts(model, [[7], []], [[4], [5]]) == [[2, 7], [2]]


def test_refuses():
    translator, writer = TransformerSeq2Seq(9, **TINY), GPT2(9, 16, **TINY)
    with pytest.raises(ValueError, match="GPT2 and sources=1"):
        prompts.start_texts(writer, None, [[1]])
    with pytest.raises(ValueError, match="Seq2Seq and sources=None"):
        prompts.start_texts(translator, [[1]], None)
    with pytest.raises(ValueError, match=r"sources of \[1, 0\] tokens"):
        prompts.start_texts(translator, None, [[1], []])
    with pytest.raises(ValueError, match=r"ids must lie in \[0, 8\].* 9"):
        prompts.start_texts(translator, None, [[9]])
    with pytest.raises(ValueError, match="2 prompts and 1 sources"):
        prompts.start_texts(translator, [[1], [1]], [[4]])

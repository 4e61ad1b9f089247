import itertools

import keras
import numpy as np
import pytest

from keras_nn.generation import BeamSearch
from keras_nn.models import GPT2
from keras_nn.models import TransformerSeq2Seq

# Texts equal to Hugging Face's: tests/parity/test_hugging_face_beams.py


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(3)
    model = GPT2(5, 12, num_layers=1, num_heads=2, width=8, dropout=0.0)
    for weight in model.weights:
        weight.assign(10 * weight)
    return model


def log_probability(model, prompt, text):
    logits = np.array(model(np.array([[*prompt, *text]])), "float64")[0]
    logs = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
    places = range(len(prompt) - 1, len(prompt) + len(text) - 1)
    return sum(logs[p, t] for p, t in zip(places, text, strict=True))


def test_with_enough_beams_finds_the_most_probable_text(model):
    prompt = [1, 2]
    texts = list(itertools.product(range(5), repeat=3))
    scores = [log_probability(model, prompt, text) for text in texts]
    search = BeamSearch(model, num_beams=25, jit_compile=False)
    found = search.search([prompt], max_new_tokens=3)[0]
    best = np.argsort(scores)[::-1]
    assert [tuple(text) for text, _ in found[:5]] == [
        texts[i] for i in best[:5]
    ]
    for (_, score), i in zip(found[:5], best[:5], strict=True):
        assert score == pytest.approx(scores[i] / 3, abs=1e-4)


def test_unequal_prompts_are_searched_as_if_alone(model):
    prompts = [[1, 2, 3, 4, 0, 1], [3]]
    search = BeamSearch(model, 3, stop_token=2, jit_compile=False)
    together = search(prompts, 5)
    assert together == [search([prompt], 5)[0] for prompt in prompts]


def test_a_text_ends_with_a_stop_sequence_and_has_nothing_forbidden(model):
    free = BeamSearch(model, 2, jit_compile=False)([[1, 2]], 8)[0]
    stop = free[2:4]
    search = BeamSearch(
        model, 2, early_stopping=True, stop_sequences=[stop], jit_compile=False
    )
    texts = [text for text, _ in search.search([[1, 2]], 8)[0]]
    assert any(text[-2:] == stop and len(text) < 8 for text in texts)
    search = BeamSearch(model, 2, forbidden=[free[0]], jit_compile=False)
    assert free[0] not in search([[1, 2]], 8)[0]


def test_beginnings_of_a_target_are_kept():
    model = TransformerSeq2Seq(9, num_layers=1, num_heads=2, width=8)
    search = BeamSearch(model, 2, jit_compile=False)
    texts = search([[5, 6], [7]], 4, sources=[[4, 3], [8, 4, 3]])
    assert [len(text) for text in texts] == [4, 4]
    short = TransformerSeq2Seq(
        9, context_length=6, num_layers=1, num_heads=2, width=8
    )
    (text,) = BeamSearch(short, 2, jit_compile=False)(None, 50, [[4, 3]])
    assert len(text) == 5


def test_refuses(model):
    with pytest.raises(ValueError, match="Received: num_beams=0"):
        BeamSearch(model, 0)
    with pytest.raises(ValueError, match="early_stopping='always'"):
        BeamSearch(model, early_stopping="always")
    search = BeamSearch(model, 2, jit_compile=False)
    with pytest.raises(ValueError, match="Received: 1 and 50 tokens"):
        search([[1]], 50)
    with pytest.raises(ValueError, match=r"in \[0, 4\]. Received: 5"):
        BeamSearch(model, 2, forbidden=[5], jit_compile=False)([[1]], 5)

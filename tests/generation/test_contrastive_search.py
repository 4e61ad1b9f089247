import keras
import numpy as np
import pytest

from keras_nn.generation import ContrastiveSearch
from keras_nn.generation import Sampler
from keras_nn.generation import TokenGenerator
from keras_nn.models import GPT2
from keras_nn.testing import slow_but

PROMPTS = [[1, 2, 3, 4, 0, 1], [3, 5]]


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(3)
    model = GPT2(7, 24, num_layers=1, num_heads=2, width=8, dropout=0.0)
    for weight in model.weights:
        weight.assign(6 * weight)
    return model


def naive(model, prompt, count, top_k, alpha):
    """The equation, a full pass for each candidate."""
    whole = keras.Model(
        model.input, [model.output, model.get_layer("norm").output]
    )

    def look(text):
        logits, features = (np.array(y)[0] for y in whole(np.array([text])))
        p = np.exp(logits[-1] - logits[-1].max())
        features /= np.linalg.norm(features, axis=-1, keepdims=True)
        return p / p.sum(), features

    text = list(prompt)
    for _ in range(count):
        p, _ = look(text)
        scores = {}
        for token in np.argsort(-p)[:top_k]:
            _, features = look([*text, token])
            alike = (features[:-1] @ features[-1]).max()
            scores[int(token)] = (1 - alpha) * p[token] - alpha * alike
        text.append(max(scores, key=scores.get))
    return text[len(prompt) :]


@pytest.mark.parametrize("jit", slow_but(False, of=[False, True]))
def test_equals_the_equation(model, jit):
    search = ContrastiveSearch(model, 3, 0.5, jit_compile=jit)
    expected = [naive(model, prompt, 8, 3, 0.5) for prompt in PROMPTS]
    assert search(PROMPTS, 8) == expected


def test_without_a_penalty_it_is_greedy(model):
    greedy = TokenGenerator(model, Sampler(0.0), jit_compile=False)(PROMPTS, 8)
    search = ContrastiveSearch(model, alpha=0.0, jit_compile=False)
    assert search(PROMPTS, 8) == greedy
    stop = greedy[0][3]
    search = ContrastiveSearch(model, 1, stop_token=stop, jit_compile=False)
    found = search(PROMPTS[:1], 8)[0]
    assert found == greedy[0][: greedy[0].index(stop) + 1]


def test_refuses_no_candidates(model):
    with pytest.raises(ValueError, match="top_k=0"):
        ContrastiveSearch(model, 0)
    with pytest.raises(ValueError, match="alpha=2"):
        ContrastiveSearch(model, alpha=2)

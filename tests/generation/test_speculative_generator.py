import keras
import numpy as np
import pytest

from keras_nn.generation import Sampler
from keras_nn.generation import SpeculativeGenerator
from keras_nn.generation import TokenGenerator
from keras_nn.models import GPT2
from keras_nn.models import Llama
from keras_nn.models import RNNLanguageModel
from keras_nn.testing import slow_but

SIZES = {"vocabulary_size": 7, "context_length": 40, "num_heads": 2}
PROMPTS = [[1, 2, 3, 4, 0, 1], [3]]


def random(cls, seed, **more):
    """A network that does not write the same token again and again."""
    keras.utils.set_random_seed(seed)
    model = cls(**SIZES, **more, dropout=0.0)
    for weight in model.weights:
        weight.assign(8 * weight)
    return model


@pytest.fixture(scope="module")
def model():
    return random(GPT2, 3, num_layers=2, width=8)


@pytest.fixture(scope="module")
def greedy(model):
    return TokenGenerator(model, Sampler(0.0), jit_compile=False)(PROMPTS, 20)


@pytest.mark.parametrize("jit", slow_but(False, of=[False, True]))
def test_texts_are_the_model_s_own_whatever_the_draft(model, greedy, jit):
    draft = random(
        Llama, 1, num_key_value_heads=1, num_layers=1, width=8, hidden_dim=8
    )
    generate = SpeculativeGenerator(model, draft, 3, jit_compile=jit)
    assert generate(PROMPTS, 20) == greedy
    assert 0 <= generate.acceptance < 1
    assert len(set(greedy[0])) > 1
    alone = [generate([prompt], 20)[0] for prompt in PROMPTS]
    assert alone == greedy


def test_a_draft_that_is_the_model_is_always_right(model, greedy):
    generate = SpeculativeGenerator(model, model, 4, jit_compile=False)
    assert generate(PROMPTS, 20) == greedy
    assert generate.acceptance == 1
    assert generate.passes == 4  # five tokens each


def test_a_text_ends_with_the_stop_token(model, greedy):
    stop = greedy[0][4]
    generate = SpeculativeGenerator(
        model, model, 3, stop_token=stop, jit_compile=False
    )
    expected = [
        text[: text.index(stop) + 1] if stop in text else text
        for text in greedy
    ]
    assert generate(PROMPTS, 20) == expected


def test_refuses_what_cannot_work_together(model):
    other = GPT2(**{**SIZES, "vocabulary_size": 9}, num_layers=1, width=8)
    with pytest.raises(ValueError, match="Received: 7 and 9"):
        SpeculativeGenerator(model, other)
    with pytest.raises(TypeError, match="Received: RNNLanguageModel"):
        SpeculativeGenerator(model, RNNLanguageModel(7, width=4))
    with pytest.raises(ValueError, match="num_drafts=0"):
        SpeculativeGenerator(model, model, 0)
    generate = SpeculativeGenerator(model, model, jit_compile=False)
    with pytest.raises(ValueError, match="40"):
        generate([np.ones(35, int).tolist()], 10)

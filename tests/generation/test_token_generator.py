import keras
import numpy as np
import pytest

from keras_nn.generation import Sampler
from keras_nn.generation import TokenGenerator
from keras_nn.models import GPT2
from keras_nn.models import Llama

GREEDY = Sampler(temperature=0.0)


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(3)
    model = GPT2(
        vocabulary_size=11,
        context_length=24,
        num_layers=2,
        num_heads=2,
        width=8,
        dropout=0.3,  # not in inference
    )
    for weight in model.weights:
        weight.assign(10 * weight)  # otherwise every text is the same
    return model


@pytest.fixture(scope="module")
def draws(model):
    return TokenGenerator(model, jit_compile=False)


def naive(model, prompt, count):
    """Greedy, the whole text anew for each token."""
    text = list(prompt)
    for _ in range(count):
        logits = model(np.array([text]), training=False)
        text.append(int(np.argmax(logits[0, -1])))
    return text[len(prompt) :]


@pytest.mark.parametrize("jit_compile", [False, True])
def test_the_cache_and_batched_prompts_change_no_token(model, jit_compile):
    prompts = [[1, 2, 3, 4, 5, 6, 7, 8, 9], [4], [10, 0, 3]]
    generator = TokenGenerator(model, GREEDY, jit_compile=jit_compile)
    expected = [naive(model, prompt, 12) for prompt in prompts]
    assert generator(prompts, 12) == expected
    assert len({token for text in expected for token in text}) > 3


def test_a_full_context_slides_by_half(model):
    prompt = [1, 2, 3]
    received = TokenGenerator(model, GREEDY, jit_compile=False)([prompt], 50)
    text = list(prompt)
    window = list(prompt)
    while len(text) < 53:
        if len(window) == 24:
            window = window[-12:]
        (new,) = naive(model, window, 1)
        text.append(new)
        window.append(new)
    assert received == [text[3:]]


def test_a_prompt_longer_than_the_context_is_its_end(model, draws):
    prompt = np.random.default_rng(0).integers(0, 11, 100).tolist()
    assert draws([prompt], 5) == draws([prompt[-12:]], 5)
    refusing = TokenGenerator(model, overflow="error", jit_compile=False)
    with pytest.raises(ValueError, match="Received: 100 and 5 tokens"):
        refusing([prompt], 5)


def test_seeds_decide_and_streaming_does_not(model, draws):
    prompts = [[1, 2], [3]]
    first = draws(prompts, 40, seed=1)
    assert draws(prompts, 40, seed=1) == first
    assert draws(prompts, 40, seed=2) != first
    found = []
    streamed = draws(prompts, 40, seed=1, on_tokens=found.append, stride=7)
    assert streamed == first
    assert len(found) > 5
    joined = [sum((part[row] for part in found), []) for row in range(2)]
    assert joined == first


def test_a_text_ends_with_its_stop_token(model):
    prompts = [[1, 2, 3, 4], [5]]
    whole = TokenGenerator(model, GREEDY, jit_compile=False)(prompts, 20)
    stop = whole[0][3]
    generator = TokenGenerator(model, GREEDY, stop, jit_compile=False)
    expected = [
        text[: text.index(stop) + 1] if stop in text else text for text in whole
    ]
    assert generator(prompts, 20) == expected
    found = []
    generator(prompts, 20, on_tokens=found.append, stride=3)
    assert sum((part[0] for part in found), []) == expected[0]


def test_a_penalty_makes_texts_that_repeat_less(model):
    sampler = Sampler(temperature=0.0, repetition_penalty=1e6)
    (text,) = TokenGenerator(model, sampler, jit_compile=False)([[1]], 8)
    positive = len(set(text))
    (plain,) = TokenGenerator(model, GREEDY, jit_compile=False)([[1]], 8)
    assert positive > len(set(plain))


def test_other_decoders_generate_too():
    model = Llama(
        vocabulary_size=7,
        context_length=16,
        num_layers=1,
        num_heads=2,
        num_key_value_heads=1,
        width=8,
        hidden_dim=12,
    )
    generator = TokenGenerator(model, GREEDY, jit_compile=False)
    prompts = [[1, 2, 3], [4]]
    expected = [naive(model, prompt, 6) for prompt in prompts]
    assert generator(prompts, 6) == expected


def test_half_precision_generates():
    model = GPT2(7, 16, 1, 2, 8, dtype="mixed_bfloat16")
    generator = TokenGenerator(model, jit_compile=False)
    assert len(generator([[1]], 4)[0]) == 4


@pytest.mark.parametrize(
    "prompts, count, received",
    [
        ([], 3, r"prompts of \[\] tokens"),
        ([[1], []], 3, r"prompts of \[1, 0\] tokens"),
        ([[1, 11]], 3, "Received: 11"),
        ([[-1]], 3, "Received: -1"),
        ([[1]], 0, "max_new_tokens=0"),
    ],
)
def test_refuses_prompts_that_are_none(draws, prompts, count, received):
    with pytest.raises(ValueError, match=received):
        draws(prompts, count)


def test_refuses_an_unknown_overflow(model):
    with pytest.raises(ValueError, match="Received: overflow='wrap'"):
        TokenGenerator(model, overflow="wrap")


def test_a_text_ends_with_a_stop_sequence(model):
    prompts = [[1, 2, 3, 4], [5]]
    whole = TokenGenerator(model, GREEDY, jit_compile=False)(prompts, 20)
    stop = whole[0][2:4]
    generator = TokenGenerator(
        model, GREEDY, jit_compile=False, stop_sequences=[stop]
    )
    (text, _) = generator(prompts, 20)
    first = next(i for i in range(20) if whole[0][i : i + 2] == stop)
    assert text == whole[0][: first + 2]
    with pytest.raises(ValueError, match="must not be empty ones"):
        TokenGenerator(model, stop_sequences=[[]])


def test_a_forbidden_token_is_never_written(model):
    (text,) = TokenGenerator(model, GREEDY, jit_compile=False)([[1]], 12)
    sampler = Sampler(0.0, forbidden=(text[0],))
    (other,) = TokenGenerator(model, sampler, jit_compile=False)([[1]], 12)
    assert text[0] not in other

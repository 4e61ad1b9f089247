import numpy as np
import pytest
from keras import ops

from keras_nn.models import Mamba
from keras_nn.models import RNNLanguageModel

SIZES = {"vocabulary_size": 7, "context_length": 12, "width": 8}
MODELS = {
    "mamba": lambda: Mamba(**SIZES, num_layers=2, num_states=2),
    "lstm": lambda: RNNLanguageModel(**SIZES, units=5),
    "gru": lambda: RNNLanguageModel(**SIZES, cell="gru", tie_weights=True),
}
IDS = np.random.default_rng(0).integers(0, 7, (2, 6))


@pytest.fixture(scope="module", params=MODELS)
def model(request):
    return MODELS[request.param]()


def test_decoding_in_parts_is_the_full_pass(model):
    cache, parts = model.start_cache(2, 9), []
    for start, stop in ((0, 3), (3, 4), (4, 6)):
        logits, cache = model.decode(IDS[:, start:stop], cache, start)
        parts.append(ops.convert_to_numpy(logits))
    received = np.concatenate(parts, axis=1)
    np.testing.assert_allclose(received, model(IDS), atol=1e-5)


def test_tokens_in_front_that_are_not_there_change_nothing(model):
    mask = np.ones((2, 6), bool)
    mask[1, :2] = False
    padded = np.where(mask, IDS, 0)
    cache = model.start_cache(2, 6)
    first, cache = model.decode(padded[:, :4], cache, 0, mask=mask)
    second, _ = model.decode(padded[:, 4:], cache, 4, mask=mask)
    received = np.concatenate([first, second], axis=1)
    np.testing.assert_allclose(
        received[1, 2:], model(IDS[1:, 2:])[0], atol=1e-5
    )


@pytest.mark.skipif(
    not hasattr(ops.zeros(1), "numpy"), reason="the loop is TensorFlow's"
)
def test_greedy_texts_in_the_compiled_loop_are_those_of_full_passes(model):
    from keras_nn.generation import Sampler
    from keras_nn.generation import TokenGenerator

    prompts = [[1, 2, 3], [4]]
    found = TokenGenerator(model, Sampler(temperature=0.0))(prompts, 4)
    for prompt, new in zip(prompts, found, strict=True):
        text = list(prompt)
        for _ in range(4):
            text.append(int(np.argmax(model(np.array([text]))[0, -1])))
        assert new == text[len(prompt) :]

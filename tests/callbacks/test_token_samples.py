import pytest
from tensorboard.backend.event_processing.event_accumulator import (
    EventAccumulator,
)

from keras_nn import data
from keras_nn.applications import TextGenerator
from keras_nn.callbacks import TokenSamples
from keras_nn.models import GPT2

TEXT = "a|b\nba " * 30


def test_writes_a_table_of_texts(tmp_path):
    tokenizer = data.CharacterTokenizer.of(TEXT)
    network = GPT2(tokenizer.vocabulary_size, 8, 1, 1, 4)
    app = TextGenerator(network, tokenizer, steps_per_epoch=1)
    app.compile()
    samples = TokenSamples(tmp_path, ["ab", "b\na|"], max_new_tokens=5)
    app.fit(TEXT, epochs=2, verbose=0, callbacks=[samples])
    events = EventAccumulator(str(tmp_path / "validation")).Reload()
    first, second = (
        events.Tensors("token_samples/text_summary")
        if ("token_samples/text_summary" in events.Tags()["tensors"])
        else events.Tensors("token_samples")
    )
    assert (first.step, second.step) == (0, 1)
    cells = [cell.decode() for cell in second.tensor_proto.string_val]
    assert cells[0] == "prompt" and cells[2] == "ab"
    assert cells[4] == "b↵ a\\|"
    assert len(cells) == 6 and cells[3]


def test_refuses_no_prompt(tmp_path):
    with pytest.raises(ValueError, match=r"Received: prompts=\[\]"):
        TokenSamples(tmp_path, [])

import keras
import pytest
from tensorboard.backend.event_processing.event_accumulator import (
    EventAccumulator,
)

from keras_nn import data
from keras_nn.applications import Translator
from keras_nn.callbacks import TranslationSamples
from keras_nn.models import TransformerSeq2Seq

pytest.importorskip("tokenizers")
pytest.importorskip("sacrebleu")


@pytest.mark.slow
def test_writes_a_table_and_scores_of_averages(tmp_path):
    pairs = data.TextPairs(["one two", "two|"] * 6, ["1 2", "2"] * 6)
    tokenizer = data.SubwordTokenizer.train(pairs.sources + pairs.targets, 40)
    app = Translator(
        TransformerSeq2Seq(
            tokenizer.vocabulary_size, num_layers=1, num_heads=2, width=8
        ),
        tokenizer,
        max_length=10,
    )
    app.compile(keras.optimizers.Adam(1e-2, use_ema=True))
    samples = TranslationSamples(tmp_path, pairs, shown=2, scored=4)
    app.fit(pairs, epochs=1, verbose=0, callbacks=[samples])
    events = EventAccumulator(str(tmp_path / "validation")).Reload()
    tags = events.Tags()["tensors"]
    for name in ("bleu", "chrf", "exact_match"):
        assert f"translation/{name}" in tags
    (table,) = events.Tensors(
        next(t for t in tags if "translation/samples" in t)
    )
    cells = [cell.decode() for cell in table.tensor_proto.string_val]
    assert cells[:5] == ["source", "reference", "translation", "one two", "1 2"]
    assert len(cells) == 9 and cells[6] == "two\\|"

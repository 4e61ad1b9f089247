import os
import subprocess
import sys

import keras
import pytest

from keras_nn import data
from keras_nn.applications.text_to_text import TextToText
from keras_nn.models import TransformerSeq2Seq

pytest.importorskip("tokenizers")


def test_a_subclass_says_how_good_texts_are():
    pairs = data.TextPairs(["one two", "two"], ["1 2", "2"])
    tokenizer = data.SubwordTokenizer.train(pairs.sources, 30)
    network = TransformerSeq2Seq(
        tokenizer.vocabulary_size, num_layers=1, num_heads=2, width=8
    )
    app = TextToText(network, tokenizer, 8, 1, 1.0, 0.0, True, 0)
    assert app.written_length == 8
    with pytest.raises(NotImplementedError, match="must define `scores`"):
        app.scores(pairs, pairs.targets)
    (spec,) = app.input_signature()
    assert spec["target"].shape == (None, None)
    inputs = keras.tree.flatten(app.example_inputs(3))
    assert [array.shape for array in inputs] == [(3, 7), (3, 5)]


# Two passes over pairs in three buckets of length, under XLA.
TRAINING = """
import keras, numpy as np
from keras_nn import data, losses, training

generator = np.random.default_rng(0)
ids = [generator.integers(4, 9, n).tolist() for n in range(1, 13)] * 3
batches = data.TokenPairBatches(ids, ids, 48, [5, 9, 13])
inputs = {n: keras.Input((None,), dtype="int32") for n in ("source", "target")}
embedding = keras.layers.Embedding(9, 4)
x = embedding(inputs["target"])
x = x + keras.ops.mean(embedding(inputs["source"]), axis=1, keepdims=True)
model = training.Model(inputs, keras.layers.Dense(9)(x))
model.compile("sgd", losses.TokenCrossentropy(), jit_compile=True)
model.fit(batches, epochs=2, verbose=0)
print(len(batches.lengths), batches.num_batches)
"""


@pytest.mark.slow
def test_xla_compiles_at_most_once_a_bucket(tmp_path):
    environment = {
        **os.environ,
        "XLA_FLAGS": f"--xla_dump_to={tmp_path} --xla_dump_hlo_as_text",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    done = subprocess.run(
        [sys.executable, "-c", TRAINING],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    buckets, batches = map(int, done.stdout.split())
    compiled = [
        path.name
        for path in tmp_path.iterdir()
        if path.name.endswith("before_optimizations.txt")
        and "one_step_on_data" in path.name
    ]
    assert buckets == 3 < batches
    assert 1 <= len(compiled) <= buckets, sorted(tmp_path.iterdir())

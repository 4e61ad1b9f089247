import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.models import Seq2SeqRNN
from keras_nn.testing import check_model

TINY = {"vocabulary_size": 9, "context_length": 12, "width": 6, "units": 5}
generator = np.random.default_rng(0)
SOURCE = generator.integers(4, 9, (4, 6))
SOURCE[1, 4:] = 0
TARGET = np.concatenate([np.full((4, 1), 2), SOURCE[:, :4]], axis=1)


@pytest.mark.slow
def test_conformance():
    check_model(
        Seq2SeqRNN,
        {**TINY, "dropout": 0.0},
        {"source": SOURCE, "target": TARGET},
        (4, 5, 9),
        epochs=15,
        half=False,
        replicas=False,
        export=False,
    )


@pytest.mark.parametrize("cell", ["gru", "lstm"])
def test_decoding_in_parts_is_the_full_pass(cell):
    model = Seq2SeqRNN(**TINY, cell=cell, coverage=True, copies=True)
    memory = model.encode(ops.convert_to_tensor(SOURCE))
    cache, parts = model.start_cache(4, 12), []
    for start, stop in ((0, 3), (3, 4), (4, 5)):
        logits, cache = model.decode(
            TARGET[:, start:stop], cache, start, memory=memory
        )
        parts.append(ops.convert_to_numpy(logits))
    np.testing.assert_allclose(
        np.concatenate(parts, axis=1),
        model({"source": SOURCE, "target": TARGET}),
        atol=1e-5,
    )


def test_padding_behind_a_source_changes_nothing():
    model = Seq2SeqRNN(**TINY)
    short = {"source": SOURCE[1:2, :4], "target": TARGET[1:2]}
    padded = {"source": SOURCE[1:2], "target": TARGET[1:2]}
    np.testing.assert_allclose(model(short), model(padded), atol=1e-6)


@pytest.mark.slow
@pytest.mark.skipif(
    keras.config.backend() != "tensorflow", reason="the loop is TensorFlow's"
)
def test_learns_to_copy_and_writes_in_the_compiled_loop():
    from keras_nn.generation import BeamSearch
    from keras_nn.generation import Sampler
    from keras_nn.generation import TokenGenerator

    keras.utils.set_random_seed(0)
    model = Seq2SeqRNN(
        **{**TINY, "width": 12, "units": 24}, copies=True, dropout=0.0
    )
    source = generator.integers(4, 9, (256, 4))
    end = np.full((256, 1), 3)
    inputs = {
        "source": np.concatenate([source, end], axis=1),
        "target": np.concatenate([np.full((256, 1), 2), source], axis=1),
    }
    model.compile(
        keras.optimizers.Adam(0.01),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    labels = np.concatenate([source, end], axis=1)
    model.fit(inputs, labels, batch_size=32, epochs=25, verbose=0)
    asked = [[5, 8, 4, 6, 3], [7, 4, 8, 5, 3]]
    generate = TokenGenerator(
        model, Sampler(0.0), stop_token=3, overflow="error"
    )
    assert generate(max_new_tokens=8, sources=asked) == asked
    search = BeamSearch(model, 2, stop_token=3, jit_compile=False)
    assert search(max_new_tokens=8, sources=asked) == asked


def test_refuses_copies_into_another_vocabulary():
    with pytest.raises(ValueError, match="target_vocabulary_size=7"):
        Seq2SeqRNN(**TINY, target_vocabulary_size=7, copies=True)
    with pytest.raises(ValueError, match="cell='simple'"):
        Seq2SeqRNN(**TINY, cell="simple")

import keras
import numpy as np
import pytest

from keras_nn import data
from keras_nn.callbacks import VocabularyProjector
from keras_nn.testing import read_events


def test_writes_the_rows_of_the_table(tmp_path):
    tokenizer = data.WordTokenizer(["yes", "no"])
    table = keras.layers.Embedding(4, 3)
    model = keras.Sequential([keras.Input((2,)), table, keras.layers.Flatten()])
    model.compile("sgd", "mse")
    projector = VocabularyProjector(tmp_path, tokenizer, most=3)
    model.fit(
        np.ones((1, 2)), np.ones((1, 6)), verbose=0, callbacks=[projector]
    )
    folder = tmp_path / "validation"
    lines = (folder / "vocabulary.metadata.tsv").read_text().splitlines()
    assert lines == ["[PAD]", "[UNK]", "yes"]
    rows = np.loadtxt(folder / "vocabulary.tensor.tsv")
    np.testing.assert_allclose(rows, table.embeddings.numpy()[:3], rtol=1e-4)
    assert "vocabulary_projector" in read_events(tmp_path)["validation"]
    wrong = VocabularyProjector(tmp_path, ["a", "b"])
    with pytest.raises(ValueError, match="Embedding of 2 rows. Received: .*4"):
        model.fit(
            np.ones((1, 2)), np.ones((1, 6)), verbose=0, callbacks=[wrong]
        )

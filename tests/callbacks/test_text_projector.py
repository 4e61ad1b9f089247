import keras
import numpy as np
import pytest

from keras_nn.callbacks import TextProjector
from keras_nn.testing import read_events


class Embedder(keras.Sequential):
    def embed(self, texts):
        return np.array([[len(text), 1.0] for text in texts])


def test_writes_points_and_texts(tmp_path):
    model = Embedder([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    texts = ["a\tcat", "a very long text"]
    projector = TextProjector(tmp_path, texts, longest=6)
    model.fit(
        np.ones((2, 1)), np.ones((2, 1)), verbose=0, callbacks=[projector]
    )
    folder = tmp_path / "validation"
    lines = (folder / "texts.metadata.tsv").read_text().splitlines()
    assert lines == ["a cat", "a very"]
    assert (folder / "texts.tensor.tsv").read_text() == "5\t1\n16\t1\n"
    assert "text_projector" in read_events(tmp_path)["validation"]
    with pytest.raises(ValueError, match="must be a text"):
        TextProjector(tmp_path, [])

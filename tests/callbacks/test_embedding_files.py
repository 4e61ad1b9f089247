import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_nn.callbacks.embedding_files import EmbeddingFiles


@pytest.fixture
def model():
    return keras.Sequential(
        [
            keras.Input((2,), dtype="int32"),
            keras.layers.Embedding(3, 4, name="words"),
        ]
    )


def test_keeps_the_last_table(model, tmp_path):
    files = EmbeddingFiles(str(tmp_path))
    files.configure(model)
    files.save(model, 0)
    model.layers[0].embeddings.assign(np.ones((3, 4)))
    files.save(model, 1)

    path = tf.train.latest_checkpoint(str(tmp_path))
    assert path.endswith("embeddings-1")
    table = tf.train.load_variable(path, "words/.ATTRIBUTES/VARIABLE_VALUE")
    np.testing.assert_array_equal(table, np.ones((3, 4)))
    assert not list(tmp_path.glob("embeddings-0*"))


def test_keeps_what_others_have_configured(model, tmp_path):
    path = tmp_path / "projector_config.pbtxt"
    path.write_text('embeddings { tensor_name: "other" }\n')
    for _ in range(2):
        EmbeddingFiles(str(tmp_path)).configure(model)
    text = path.read_text()
    assert text.count('"other"') == 1
    assert text.count('"words/.ATTRIBUTES/VARIABLE_VALUE"') == 1


def test_metadata_is_copied_beside_the_table(model, tmp_path):
    (tmp_path / "words.tsv").write_text("a\nb\nc\n")
    run = tmp_path / "train"
    EmbeddingFiles(str(run), "words.tsv", str(tmp_path)).configure(model)
    assert (run / "words.metadata.tsv").read_text() == "a\nb\nc\n"


def test_rejects_metadata_of_an_unknown_layer(model, tmp_path):
    with pytest.raises(ValueError, match=r"\['words'\]. Received: \['no'\]"):
        EmbeddingFiles(str(tmp_path), {"no": "x.tsv"}).configure(model)


def test_a_worker_that_is_not_chief_takes_part_and_leaves_nothing(
    model, tmp_path
):
    files = EmbeddingFiles(str(tmp_path), keep=False)
    files.configure(model)
    files.save(model, 0)
    assert not list(tmp_path.iterdir())

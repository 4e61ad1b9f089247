import json
import socket
import subprocess
import sys
import time
import urllib.request

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from keras_nn.callbacks.embedding_projector import EmbeddingProjector
from keras_nn.callbacks.precision_recall_curves import PrecisionRecallCurves
from keras_nn.callbacks.validation_sample import ValidationSample
from keras_nn.testing import check_callback
from keras_nn.testing import read_events

RNG = np.random.default_rng(0)
X = RNG.random((10, 6, 6, 3)).astype("float32")
Y = np.arange(10) % 3


def classifier():
    model = keras.Sequential(
        [
            keras.Input((6, 6, 3)),
            layers.Conv2D(4, 3),
            layers.GlobalAveragePooling2D(name="pool"),
            layers.Dense(3, "softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


def fit(callbacks, epochs=2):
    model = classifier()
    model.fit(X, Y, epochs=epochs, verbose=0, callbacks=callbacks)
    return model


def table(path):
    rows = path.read_text().splitlines()
    return [row.split("\t") for row in rows]


def test_conformance():
    check_callback(
        EmbeddingProjector,
        {"sample": (X, Y)},
        model=classifier,
        x=X,
        y=Y,
        epochs=1,
    )


def test_writes_features_metadata_and_sprites_of_the_last_epoch(tmp_path):
    sample = ValidationSample(X, Y, class_names=["a", "b\tb", "c"])
    model = fit([EmbeddingProjector(tmp_path, sample, sprite_size=16)])
    folder = tmp_path / "validation"
    features = keras.Model(model.inputs, model.get_layer("pool").output)
    np.testing.assert_allclose(
        np.array(table(folder / "penultimate.tensor.tsv"), float),
        features.predict(X, verbose=0),
        rtol=1e-3,
        atol=1e-5,
    )
    header, *rows = table(folder / "penultimate.metadata.tsv")
    assert header == ["true", "predicted", "probability", "example"]
    scores = model.predict(X, verbose=0)
    names = ["a", "b b", "c"]
    for i, row in enumerate(rows):
        assert row[0] == names[Y[i]] and row[3] == str(i)
        assert row[1] == names[scores[i].argmax()]
        assert float(row[2]) == pytest.approx(scores[i].max(), abs=6e-4)
    sheet = tf.io.decode_png(
        (folder / "penultimate.sprites.png").read_bytes()
    ).numpy()
    assert sheet.shape == (64, 64, 3)
    np.testing.assert_array_equal(
        sheet[24, 24], np.round(X[5, 3, 3] * 255), "fifth sprite"
    )
    assert (sheet[32 + 16 :, :16] == 255).all()
    events = read_events(tmp_path)["validation"]["embedding_projector"]
    assert [event.step for event in events] == [1]
    assert "10 examples, 4 features" in events[0].value


@pytest.mark.parametrize(("every", "steps"), [(2, [0, 2]), (3, [0, 2])])
def test_writes_every_few_epochs_and_at_the_end_once(tmp_path, every, steps):
    fit([EmbeddingProjector(tmp_path, (X, Y), every=every)], epochs=3)
    events = read_events(tmp_path)["validation"]["embedding_projector"]
    assert [event.step for event in events] == steps
    config = (tmp_path / "validation/projector_config.pbtxt").read_text()
    assert config.count("embeddings {") == 1 and "epoch 2" in config


def test_keeps_what_others_put_into_the_configuration(tmp_path):
    path = tmp_path / "validation/projector_config.pbtxt"
    path.parent.mkdir()
    path.write_text('embeddings { tensor_name: "theirs" }\n')
    fit([EmbeddingProjector(tmp_path, (X, Y))])
    assert '"theirs"' in path.read_text()
    assert "penultimate.sprites.png" in path.read_text()


def test_without_pictures_there_are_no_sprites(tmp_path):
    model = keras.Sequential([layers.Dense(5), layers.Dense(3, "softmax")])
    model.compile("sgd", "sparse_categorical_crossentropy")
    x = X[:, 0, 0]
    callback = EmbeddingProjector(tmp_path, (x, Y))
    model.fit(x, Y, verbose=0, callbacks=[callback])
    folder = tmp_path / "validation"
    assert len(table(folder / "penultimate.tensor.tsv")[0]) == 5
    assert not list(folder.glob("*.png"))
    assert "sprite" not in (folder / "projector_config.pbtxt").read_text()


def get(port, path, tries=1):
    for attempt in range(tries):
        try:
            url = f"http://127.0.0.1:{port}{path}"
            with urllib.request.urlopen(url, timeout=20) as answer:
                return answer.read()
        except OSError:
            if attempt == tries - 1:
                raise
            time.sleep(0.5)


@pytest.mark.slow
def test_tensorboard_serves_projector_and_curves(tmp_path):
    sample = ValidationSample(X, Y)
    fit(
        [
            PrecisionRecallCurves(tmp_path, sample),
            EmbeddingProjector(tmp_path, sample),
        ]
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "tensorboard.main"),
            *("--logdir", str(tmp_path), "--load_fast", "false"),
            *("--host", "127.0.0.1", "--port", str(port)),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        get(port, "/data/plugins_listing", tries=120)
        for _ in range(60):
            tags = json.loads(get(port, "/data/plugin/pr_curves/tags"))
            runs = json.loads(get(port, "/data/plugin/projector/runs"))
            if tags and runs:
                break
            time.sleep(0.5)
        assert set(tags["validation"]) == {
            f"pr_curves/{name}" for name in ("0", "1", "2", "micro")
        }
        assert runs == ["validation"]
        question = "/data/plugin/projector/%s?run=validation&name=%s"
        name = "penultimate%20layer%2C%20epoch%201"
        tensor = np.frombuffer(get(port, question % ("tensor", name)), "f4")
        assert tensor.size == 10 * 4 and np.isfinite(tensor).all()
        assert get(port, question % ("metadata", name)).startswith(b"true\t")
        sprite = get(port, question % ("sprite_image", name))
        assert sprite.startswith(b"\x89PNG")
        curve = json.loads(
            get(
                port,
                "/data/plugin/pr_curves/pr_curves"
                "?tag=pr_curves/micro&run=validation",
            )
        )
        assert len(curve["validation"]) == 2
    finally:
        server.terminate()
        server.wait(20)

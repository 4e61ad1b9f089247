import json
import re

import keras
import numpy as np
import pytest
import tensorflow as tf
from tensorboard import program
from tensorboard.backend.application import TensorBoardWSGIApp
from tensorboard.backend.event_processing import data_ingester
from tensorboard.backend.event_processing.event_accumulator import (
    EventAccumulator,
)
from werkzeug.test import Client

from keras_nn.callbacks import TensorBoard
from keras_nn.testing import two_replicas
from keras_nn.training import Model


class Block(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.first = keras.layers.Dense(4, name="first")
        self.second = keras.layers.Dense(3, name="second")

    def call(self, inputs):
        return inputs + self.second(keras.ops.relu(self.first(inputs)))


def functional():
    inputs = keras.Input((3,))
    x = Block(name="block")(inputs)
    return keras.Model(inputs, keras.layers.Dense(1, name="head")(x))


def sequential():
    return keras.Sequential(
        [
            keras.Input((3,)),
            Block(name="block"),
            keras.layers.Dense(1, name="head"),
        ]
    )


class Net(keras.Model):
    def __init__(self):
        super().__init__(name="net")
        self.block = Block(name="block")
        self.head = keras.layers.Dense(1, name="head")
        self.scale = self.add_weight(
            shape=(1,), initializer="ones", name="scale"
        )

    def call(self, inputs):
        return self.head(self.block(inputs)) * self.scale


class EngineNet(Model):
    def __init__(self):
        super().__init__()
        self.net = Net()

    def call(self, inputs):
        return self.net(inputs)


X = np.random.default_rng(0).normal(size=(8, 3)).astype("float32")
Y = X.sum(axis=1, keepdims=True)


def read(folder):
    accumulator = EventAccumulator(str(folder), {"tensors": 0}).Reload()
    return {
        tag: [
            (event.step, tf.make_ndarray(event.tensor_proto))
            for event in accumulator.Tensors(tag)
        ]
        for tag in accumulator.Tags()["tensors"]
    }


@pytest.fixture
def page(tmp_path):
    """Asks TensorBoard's own web application for a page of `tmp_path`."""

    def get(path, **query):
        board = program.TensorBoard()
        board.configure(
            argv=["", "--logdir", str(tmp_path), "--load_fast", "false"]
            + ["--reload_task", "blocking", "--reload_interval", "0"]
        )
        ingester = data_ingester.LocalDataIngester(board.flags)
        ingester.start()
        application = TensorBoardWSGIApp(
            board.flags,
            board.plugin_loaders,
            ingester.data_provider,
            board.assets_zip_provider,
        )
        answer = Client(application).get(path, query_string=query)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_data(as_text=True)

    return get


def test_takes_the_place_of_keras(tmp_path):
    folders = []
    for kind in (keras.callbacks.TensorBoard, TensorBoard):
        keras.utils.set_random_seed(0)
        model = functional()
        schedule = keras.optimizers.schedules.ExponentialDecay(0.1, 1, 0.9)
        model.compile(keras.optimizers.SGD(schedule), "mse", metrics=["mae"])
        folders.append(tmp_path / kind.__module__)
        model.fit(
            X,
            Y,
            batch_size=2,
            epochs=2,
            verbose=0,
            validation_data=(X, Y),
            callbacks=[
                kind(
                    folders[-1],
                    histogram_freq=1,
                    update_freq=2,
                    write_images=True,
                    write_steps_per_second=True,
                )
            ],
        )
    for run in ("train", "validation"):
        theirs, ours = (read(folder / run) for folder in folders)
        assert theirs.keys() <= ours.keys(), theirs.keys() - ours.keys()
        for tag, expected in theirs.items():
            if tag == "keras" or "per_second" in tag or "image" in tag:
                continue
            steps = [step for step, _ in ours[tag]]
            if not tag.startswith("batch_"):
                assert steps == [step for step, _ in expected], tag
                np.testing.assert_allclose(
                    [value for _, value in ours[tag]],
                    [value for _, value in expected],
                    rtol=1e-5,
                )
    assert [s for s, _ in read(folders[1] / "train")["batch_loss"]] == [
        2,
        4,
        6,
        8,
    ]


def test_learning_rate_and_loss_scale_step_by_step_over_two_fits(tmp_path):
    keras.config.set_dtype_policy("mixed_float16")
    try:
        model = functional()
    finally:
        keras.config.set_dtype_policy("float32")
    schedule = keras.optimizers.schedules.ExponentialDecay(0.1, 1, 0.5)
    model.compile(
        keras.optimizers.LossScaleOptimizer(
            keras.optimizers.SGD(schedule), initial_scale=64.0
        ),
        "mse",
    )
    callback = TensorBoard(tmp_path)
    for _ in range(2):
        model.fit(X, Y, batch_size=4, verbose=0, callbacks=[callback])
    events = read(tmp_path / "train")
    assert [(s, round(float(v), 4)) for s, v in events["learning_rate"]] == [
        (1, 0.05),
        (2, 0.025),
        (3, 0.0125),
        (4, 0.0063),
    ]
    assert [float(v) for _, v in events["loss_scale"]] == [64.0] * 4


@pytest.mark.parametrize(
    ("make", "how"),
    [
        (functional, "graph"),
        (sequential, "graph"),
        (Net, "graph"),
        (EngineNet, "graph"),
        (Net, "jit"),
        (Net, "eager"),
    ],
)
def test_graphs_of_every_model(make, how, tmp_path):
    model = make()
    model.compile(
        "adam", "mse", jit_compile=how == "jit", run_eagerly=how == "eager"
    )
    model.fit(X, Y, verbose=0, callbacks=[TensorBoard(tmp_path)])

    accumulator = EventAccumulator(str(tmp_path / "train")).Reload()
    names = [node.name for node in accumulator.Graph().node]
    assert any(re.search("block[_0-9]*/first", name) for name in names)
    if how != "eager":
        assert any("gradient_tape" in name for name in names)

    prefix = "net/" if make is EngineNet else ""
    graph = json.loads(read(tmp_path / "train")["keras"][0][1].item())
    edges = {
        layer["config"]["name"]: [
            source["config"]["keras_history"][0]
            for node in layer["inbound_nodes"]
            for source in node["args"][0]
        ]
        for layer in graph["config"]["layers"]
    }
    assert edges == {
        "input": [],
        f"{prefix}block/first": ["input"],
        f"{prefix}block/second": [f"{prefix}block/first"],
        f"{prefix}head": [f"{prefix}block/second", "input"],
        "output": [f"{prefix}head"],
    }


def test_the_graphs_page_opens(tmp_path, page):
    model = Net()
    model.compile("adam", "mse")
    model.fit(X, Y, verbose=0, callbacks=[TensorBoard(tmp_path)])

    info = json.loads(page("/data/plugin/graphs/info"))
    assert info["train"]["run_graph"]
    assert info["train"]["tags"]["keras"]["conceptual_graph"]
    body = page("/data/plugin/graphs/graph", run="train")
    assert "net_1/block_1/first_1/MatMul" in body
    body = page(
        "/data/plugin/graphs/graph", run="train", tag="keras", conceptual="true"
    )
    assert 'name: "net/block/first"' in body


def test_two_replicas(tmp_path):
    with two_replicas().scope():
        model = EngineNet()
        model.compile("adam", "mse")
    callback = TensorBoard(tmp_path, histogram_freq=1, update_freq=1)
    model.fit(X, Y, batch_size=4, verbose=0, callbacks=[callback])
    events = read(tmp_path / "train")
    assert [step for step, _ in events["batch_loss"]] == [1, 2]
    graph = json.loads(events["keras"][0][1].item())
    names = [layer["config"]["name"] for layer in graph["config"]["layers"]]
    assert names == [
        "input",
        "net/block/first",
        "net/block/second",
        "net/head",
        "output",
    ]


def test_histograms_include_weights_outside_layers(tmp_path):
    model = Net()
    model.compile("sgd", "mse")
    callback = TensorBoard(tmp_path, histogram_freq=1, write_images=True)
    model.fit(X, Y, epochs=2, verbose=0, callbacks=[callback])
    events = read(tmp_path / "train")
    assert [step for step, _ in events["net/scale/histogram"]] == [0, 1]
    assert "net/block/first/kernel/image" in events


def test_a_summary_inside_a_layer_carries_its_step(tmp_path):
    class Watched(keras.layers.Layer):
        def call(self, inputs):
            tf.summary.scalar("mean", tf.reduce_mean(inputs))
            return inputs

    model = keras.Sequential(
        [keras.Input((3,)), Watched(), keras.layers.Dense(1)]
    )
    model.compile("sgd", "mse")
    model.fit(
        X,
        Y,
        batch_size=2,
        validation_data=(X, Y),
        verbose=0,
        callbacks=[TensorBoard(tmp_path, update_freq=2, write_graph=False)],
    )
    for run in ("train", "validation"):
        steps = [
            step
            for tag, events in read(tmp_path / run).items()
            if tag.endswith("mean")
            for step, _ in events
        ]
        assert steps == [2, 4]


def test_embeddings_open_in_the_projector(tmp_path, page):
    (tmp_path / "words.tsv").write_text("a\nb\nc\n")
    model = keras.Sequential(
        [
            keras.Input((2,), dtype="int32"),
            keras.layers.Embedding(3, 4, name="words"),
            keras.layers.Flatten(),
            keras.layers.Dense(1),
        ]
    )
    model.compile("sgd", "mse")
    callback = TensorBoard(
        tmp_path, embeddings_freq=1, embeddings_metadata={"words": "words.tsv"}
    )
    ids = np.array([[0, 1], [1, 2]])
    model.fit(ids, ids[:, :1], epochs=2, verbose=0, callbacks=[callback])

    assert json.loads(page("/data/plugin/projector/runs")) == ["train"]
    name = "words/.ATTRIBUTES/VARIABLE_VALUE"
    info = json.loads(page("/data/plugin/projector/info", run="train"))
    (embedding,) = info["embeddings"]
    assert (embedding["tensorName"], embedding["tensorShape"]) == (name, [3, 4])
    body = page("/data/plugin/projector/metadata", run="train", name=name)
    assert body == "a\nb\nc\n"


def test_unknown_embedding_is_named(tmp_path):
    model = functional()
    model.compile("sgd", "mse")
    callback = TensorBoard(
        tmp_path, embeddings_freq=1, embeddings_metadata={"nobody": "x.tsv"}
    )
    with pytest.raises(ValueError, match=r"Received: \['nobody'\]"):
        model.fit(X, Y, verbose=0, callbacks=[callback])


def test_profile(tmp_path):
    model = functional()
    model.compile("sgd", "mse")
    callback = TensorBoard(tmp_path, profile_batch=(2, 3))
    model.fit(X, Y, batch_size=2, verbose=0, callbacks=[callback])
    assert list(tmp_path.rglob("*.xplane.pb"))


def test_evaluate_alone(tmp_path):
    model = functional()
    model.compile("sgd", "mse")
    model.evaluate(X, Y, verbose=0, callbacks=[TensorBoard(tmp_path)])
    events = read(tmp_path / "validation")
    assert list(events) == ["evaluation_loss_vs_iterations"]


@pytest.mark.parametrize(
    "arguments",
    [{"update_freq": 0}, {"profile_batch": (3, 2)}, {"profile_batch": -1}],
)
def test_rejects(arguments, tmp_path):
    with pytest.raises(ValueError, match="Received: "):
        TensorBoard(tmp_path, **arguments)

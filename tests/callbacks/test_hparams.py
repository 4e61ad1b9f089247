import gc
import json

import keras
import numpy as np
import pytest
from tensorboard import program
from tensorboard.backend.application import TensorBoardWSGIApp
from tensorboard.backend.event_processing import data_ingester
from werkzeug.test import Client

from keras_nn.callbacks import HParams
from keras_nn.training import Model

X, Y = np.ones((8, 3), "float32"), np.ones((8, 1), "float32")


class Ours(Model):
    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(1)

    def call(self, inputs):
        return self.dense(inputs)


class Plain(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(1)

    def call(self, inputs):
        return self.dense(inputs)


class Fail(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        raise KeyboardInterrupt


def sessions(log_dir):
    """What the HParams page shows, from TensorBoard's own application."""
    board = program.TensorBoard()
    board.configure(
        argv=["", "--logdir", str(log_dir), "--load_fast", "false"]
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
    request = {
        "colParams": [],
        "startIndex": 0,
        "sliceSize": 10,
        "allowedStatuses": [
            "STATUS_UNKNOWN",
            "STATUS_SUCCESS",
            "STATUS_FAILURE",
            "STATUS_RUNNING",
        ],
    }
    answer = Client(application).post(
        "/data/plugin/hparams/session_groups", json=request
    )
    assert answer.status_code == 200, answer.get_data(as_text=True)
    groups = json.loads(answer.get_data(as_text=True))["sessionGroups"]
    return {group["sessions"][0]["name"]: group for group in groups}


def status(group):
    return group["sessions"][0]["status"]


def fit(model, callback, *others):
    model.fit(X, Y, verbose=0, epochs=2, callbacks=[callback, *others])


@pytest.mark.parametrize("make", [Ours, Plain])
def test_runs_that_end_well_and_badly(make, tmp_path):
    good, bad = make(), make()
    for model in (good, bad):
        model.compile(keras.optimizers.Adam(0.5), "mse")
    fit(good, HParams(tmp_path / "good", {"width": 1, "name": "a"}))
    callback = HParams(tmp_path / "bad", {"width": 2})
    with pytest.raises(KeyboardInterrupt):
        fit(bad, callback, Fail())
    if make is Plain:
        assert callback.status == "RUNNING"
        bad = None
        del callback
        gc.collect()

    groups = sessions(tmp_path)
    assert status(groups["good/hparams"]) == "STATUS_SUCCESS"
    assert status(groups["bad/hparams"]) == "STATUS_FAILURE"
    shown = groups["good/hparams"]["hparams"]
    assert shown["width"] == 1 and shown["name"] == "a"
    assert shown["optimizer"] == "Adam" and shown["learning_rate"] == 0.5
    metrics = {m["name"]["tag"] for m in groups["good/hparams"]["metricValues"]}
    assert metrics == {"final/loss"}


def test_the_outcome_is_shown_for_a_single_run_and_among_others(tmp_path):
    model = Ours()
    model.compile("sgd", "mse")
    fit(model, HParams(tmp_path / "run", {"width": 1}))
    for folder in (tmp_path, tmp_path / "run"):
        ((_, group),) = sessions(folder).items()
        (metric,) = group["sessions"][0]["metricValues"]
        assert metric["name"] == {"tag": "final/loss", "group": ""}


def test_a_second_fit_reopens_the_run(tmp_path):
    model = Ours()
    model.compile("sgd", "mse")
    callback = HParams(tmp_path / "run", {"width": 1})
    with pytest.raises(KeyboardInterrupt):
        fit(model, callback, Fail())
    fit(model, callback)
    assert callback.status == "SUCCESS"
    assert status(sessions(tmp_path)["run/hparams"]) == "STATUS_SUCCESS"


def test_rejects_what_the_page_cannot_show(tmp_path):
    with pytest.raises(ValueError, match=r"Received: layers=\[1, 2\]"):
        HParams(tmp_path, {"layers": [1, 2]})


def test_a_worker_that_is_not_chief_removes_nothing(tmp_path, monkeypatch):
    model = Ours()
    model.compile("sgd", "mse")
    fit(model, HParams(tmp_path, {"width": 1}))
    before = sorted(tmp_path.iterdir())
    extended = type(model.distribute_strategy.extended)
    monkeypatch.setattr(extended, "should_save_summary", False)
    fit(model, HParams(tmp_path, {"width": 2}))
    assert sorted(tmp_path.iterdir()) == before

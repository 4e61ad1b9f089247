"""Strategies by name, and two worker processes that equal one."""

import json
import os
import pathlib
import socket
import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf

from keras_nn.training import is_chief
from keras_nn.training import strategy

WORKER = pathlib.Path(__file__).with_name("worker.py")


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def start_worker(output, workers=(), index=0, **options):
    environment = {k: v for k, v in os.environ.items() if k != "TF_CONFIG"}
    if workers:
        task = {"type": "worker", "index": index}
        cluster = {"worker": list(workers)}
        environment["TF_CONFIG"] = json.dumps(
            {"cluster": cluster, "task": task}
        )
    return subprocess.Popen(
        [sys.executable, str(WORKER), str(output), json.dumps(options)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def finish(process, seconds=400):
    out, _ = process.communicate(timeout=seconds)
    assert process.returncode == 0, out[-2000:]


def test_two_worker_processes_equal_one(tmp_path):
    addresses = [f"127.0.0.1:{port}" for port in free_ports(2)]
    together = [
        start_worker(tmp_path / f"{i}.json", addresses, i) for i in range(2)
    ]
    for process in together:
        finish(process)
    alone = start_worker(tmp_path / "alone.json")
    finish(alone)
    results = [
        json.loads((tmp_path / f"{name}.json").read_text())
        for name in (0, 1, "alone")
    ]
    for kind in ("supervised", "compute_loss", "two players"):
        left, right, one = (result[kind] for result in results)
        assert left["weights"] == right["weights"]
        np.testing.assert_allclose(left["weights"], one["weights"], atol=1e-5)
        for name, value in one["logs"].items():
            assert left["logs"][name] == pytest.approx(value, abs=1e-5), name
    assert results[2]["supervised"]["steps"] >= 20
    assert [r["chief"] for r in results] == [True, False, True]


def test_the_same_name_gives_the_same_object():
    assert strategy("none") is strategy("none")
    assert strategy("none").num_replicas_in_sync == 1


def test_without_a_cluster_auto_is_one_device(monkeypatch):
    monkeypatch.delenv("TF_CONFIG", raising=False)
    assert strategy("auto") is tf.distribute.get_strategy()
    assert is_chief()


def test_refuses_an_unknown_name():
    with pytest.raises(ValueError, match="one of none, mirrored.*'clever'"):
        strategy("clever")


def test_multiworker_without_a_cluster_says_what_to_set(monkeypatch):
    for name in (
        "TF_CONFIG",
        "SLURM_STEP_NUM_TASKS",
        "KUBERNETES_SERVICE_HOST",
    ):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ValueError, match="Set TF_CONFIG.*Received"):
        strategy("multiworker")

"""Strategies by name, and two worker processes that equal one."""

import importlib.util
import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import time

import numpy as np
import pytest
import tensorflow as tf

from keras_nn.callbacks import checkpoint_files
from keras_nn.testing import two_replicas
from keras_nn.training import is_chief
from keras_nn.training import strategy

WORKER = pathlib.Path(__file__).with_name("worker.py")
KINDS = ("supervised", "compute_loss", "two players", "rows")
MODULE = sys.modules[strategy.__module__]


def two_ports_in_a_row():
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return port


def start_worker(mode, folder, index, port):
    environment = {k: v for k, v in os.environ.items() if k != "TF_CONFIG"}
    environment |= {  # what srun sets
        "SLURM_STEP_NUM_TASKS": "2",
        "SLURM_STEP_NODELIST": "127.0.0.1",
        "SLURM_STEP_TASKS_PER_NODE": "2",
        "SLURM_PROCID": str(index),
        "KERAS_NN_PORT": str(port),
    }
    return subprocess.Popen(
        [
            sys.executable,
            str(WORKER),
            mode,
            str(folder / f"{mode}-{index}.json"),
            str(folder / "checkpoint"),
        ],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def run_workers(mode, folder):
    """What both wrote, how they ended, and the first how long after."""
    port = two_ports_in_a_row()
    processes = [start_worker(mode, folder, i, port) for i in range(2)]
    try:
        outputs = [processes[1].communicate(timeout=900)[0]]
        since = time.monotonic()
        outputs.insert(0, processes[0].communicate(timeout=120)[0])
        seconds = time.monotonic() - since
    finally:
        for process in processes:
            process.kill()
    results = []
    for index in range(2):
        path = folder / f"{mode}-{index}.json"
        assert path.is_file(), outputs[index][-2000:]
        results.append(json.loads(path.read_text()))
    return results, [p.returncode for p in processes], outputs, seconds


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("workers")


@pytest.fixture(scope="module")
def two_workers(folder):
    """What both learnt, how the second ended, and how the first after it."""
    return run_workers("train", folder)


@pytest.mark.parametrize("kind", KINDS)
def test_two_worker_processes_equal_one(kind, two_workers):
    left, right = (result[kind] for result in two_workers[0])
    spec = importlib.util.spec_from_file_location("worker", WORKER)
    worker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(worker)
    one = worker.trained(kind)
    assert left["weights"] == right["weights"]
    assert one["steps"] == left["steps"] == 21
    np.testing.assert_allclose(left["weights"], one["weights"], atol=1e-5)
    np.testing.assert_allclose(left["predicted"], one["predicted"], atol=1e-5)
    assert set(one["logs"]) == set(left["logs"])
    for name, value in one["logs"].items():
        assert left["logs"][name] == pytest.approx(value, abs=1e-5), name

    # Each reads its own part, in epochs, validation and prediction.
    if kind == "rows":
        read = left["read_in_predict"] + right["read_in_predict"]
        assert sorted(read) == one["read_in_predict"] == list(range(29))
        assert one["read_in_fit"] == 7 * (29 + 17)
        for worker in (left, right):
            assert 2 * worker["read_in_fit"] == pytest.approx(
                one["read_in_fit"], rel=0.15
            )
        assert left["read_in_fit"] + right["read_in_fit"] == one["read_in_fit"]


def test_workers_share_an_order_that_nobody_seeded(two_workers):
    for result in two_workers[0]:
        assert result["seen"] == [1.0] * 29
    assert [r["chief"] for r in two_workers[0]] == [True, False]


def test_a_worker_that_is_killed_ends_the_other_within_a_minute(two_workers):
    _, codes, outputs, seconds = two_workers
    print(f"ended {seconds:.1f} s after the other was killed")  # noqa: T201
    assert codes == [-15, -9]  # and SIGTERM still ends a process
    assert seconds < 60
    assert re.search(
        r"Another worker of the run is gone.*worker 1.*\(69\)\n", outputs[0]
    )


@pytest.mark.slow
def test_both_go_on_as_if_no_worker_had_died(two_workers, folder):
    results, codes, outputs, seconds = run_workers("resume", folder)
    for result in results:
        assert result["from"] == 4  # in the middle of an epoch
        assert result["resumed"] == result["uninterrupted"]
    # Then worker 1 alone was told to end. There was a checkpoint by the clock.
    assert codes == [143, 143], outputs
    assert seconds < 20
    assert len(checkpoint_files.found(f"{folder}/checkpoint-by-the-clock")) == 2


@pytest.fixture
def no_strategy_yet(monkeypatch):
    monkeypatch.setattr(MODULE, "_made", {})


def test_the_same_name_gives_the_same_object(no_strategy_yet, monkeypatch):
    assert strategy("none") is strategy("none")
    assert strategy("none").num_replicas_in_sync == 1
    monkeypatch.setattr(
        tf.distribute, "MirroredStrategy", lambda _: two_replicas()
    )
    assert strategy("mirrored") is strategy("mirrored")


def test_a_second_strategy_in_a_process_is_refused(
    no_strategy_yet, monkeypatch
):
    monkeypatch.setattr(
        tf.distribute, "MirroredStrategy", lambda _: two_replicas()
    )
    strategy("mirrored")
    with pytest.raises(RuntimeError, match="'tpu' after 'mirrored'"):
        strategy("tpu")


def test_without_a_cluster_auto_is_one_device(monkeypatch):
    monkeypatch.delenv("TF_CONFIG", raising=False)
    assert strategy("auto") is tf.distribute.get_strategy()
    assert is_chief()


def test_refuses_an_unknown_name():
    with pytest.raises(ValueError, match="one of none, mirrored.*'clever'"):
        strategy("clever")


def test_workers_are_refused_after_something_has_run(
    no_strategy_yet, monkeypatch
):
    tf.constant(1.0)
    monkeypatch.setenv("TF_CONFIG", json.dumps(ONE_WORKER))
    with pytest.raises(RuntimeError, match="right after the imports"):
        strategy("multiworker")


ONE_WORKER = {
    "cluster": {"worker": ["localhost:1"]},
    "task": {"type": "worker", "index": 0},
}


def test_multiworker_without_a_cluster_says_what_to_set(
    no_strategy_yet, monkeypatch
):
    for name in ("TF_CONFIG", "SLURM_STEP_NUM_TASKS", "KERAS_NN_WORKERS"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ValueError, match="set TF_CONFIG.*Received"):
        strategy("multiworker")

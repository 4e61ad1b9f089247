import json

import pytest
import tensorflow as tf

from keras_nn.training import WorkerLost
from keras_nn.training.cluster import cluster_resolver
from keras_nn.training.cluster import expand
from keras_nn.training.cluster import is_described
from keras_nn.training.cluster import losses_explained

SLURM = {
    "SLURM_STEP_NUM_TASKS": "5",
    "SLURM_STEP_NODELIST": "node[8-10]",
    "SLURM_STEP_TASKS_PER_NODE": "2(x2),1",
    "SLURM_PROCID": "3",
    "KERAS_NN_PORT": "7000",
}


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("one", ["one"]),
        ("a,b:1", ["a", "b:1"]),
        ("n[1-2],m5,o[3-4,6]", ["n1", "n2", "m5", "o3", "o4", "o6"]),
        ("r[1-2]n[08-09].x:7", [f"r{r}n0{n}.x:7" for r in "12" for n in "89"]),
    ],
)
def test_expands_ranges_as_slurm_writes_them(names, expected):
    assert expand(names) == expected


def test_tasks_of_slurm_are_in_the_order_of_their_ranks():
    resolver = cluster_resolver(SLURM)
    # node10 comes last: ranks follow the list, not the alphabet.
    assert resolver.cluster_spec().as_dict()["worker"] == [
        "node8:7000",
        "node8:7001",
        "node9:7000",
        "node9:7001",
        "node10:7000",
    ]
    assert (resolver.task_type, resolver.task_id) == ("worker", 3)


def test_jobs_of_slurm_have_ports_of_their_own():
    def port(job):
        environment = {**SLURM, "SLURM_JOB_ID": str(job)}
        del environment["KERAS_NN_PORT"]
        address = cluster_resolver(environment).cluster_spec()
        return int(address.as_dict()["worker"][0].rpartition(":")[2])

    ports = [port(job) for job in range(1000, 1300)]
    assert len(set(ports)) == len(ports)
    assert 1024 < min(ports) and max(ports) < 32768


def test_tf_config_comes_first(monkeypatch):
    cluster = {"chief": ["a:1"], "worker": ["b:2"]}
    config = {"cluster": cluster, "task": {"type": "chief", "index": 0}}
    monkeypatch.setenv("TF_CONFIG", json.dumps(config))
    for name, value in SLURM.items():
        monkeypatch.setenv(name, value)
    assert cluster_resolver().cluster_spec().as_dict() == cluster
    assert is_described()


def test_one_task_of_slurm_is_no_cluster():
    assert is_described(SLURM)
    assert not is_described({**SLURM, "SLURM_STEP_NUM_TASKS": "1"})
    assert not is_described({})


@pytest.mark.parametrize("index", [None, "2", "-1", "first"])
def test_refuses_a_number_that_no_worker_has(index):
    environment = {"KERAS_NN_WORKERS": "a:1,b:1"}
    if index is not None:
        environment["JOB_COMPLETION_INDEX"] = index
    with pytest.raises(ValueError, match="from 0 to 1. Received: JOB_COMP"):
        cluster_resolver(environment)


def test_only_the_loss_of_a_worker_is_a_lost_worker():
    with pytest.raises(WorkerLost, match="Socket closed .worker 0.") as found:
        with losses_explained():
            raise tf.errors.UnavailableError(
                None,
                None,
                "on /job:worker/replica:0/task:1/device:CPU:0 Collective ops "
                "is aborted by: Socket closed\n"
                "from remote target /job:worker/replica:0/task:0 while",
            )
    assert found.value.exit_code == 69
    with pytest.raises(tf.errors.UnavailableError):
        with losses_explained():
            raise tf.errors.UnavailableError(None, None, "the file server")

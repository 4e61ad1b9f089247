"""Which workers a run has, and which of them this process is."""

import contextlib
import itertools
import os
import re

import tensorflow as tf

DOCS = "docs/distributed.md"


class WorkerLost(RuntimeError):
    """Another worker of the run is gone, so this one cannot go on.

    `keras-nn` ends with the code 69 (`EX_UNAVAILABLE`): what failed is not
    here, and starting all workers again is the remedy.
    """

    exit_code = 69


def cluster_resolver(environment=None):
    """The resolver of the cluster that this process is a worker of.

    The environment says so in one of three forms, asked in this order:

    - `TF_CONFIG`, as TensorFlow documents it;
    - `KERAS_NN_WORKERS`, the addresses of all workers, with ranges as in
      `train-[0-3].train:2222`, and `JOB_COMPLETION_INDEX`, the number of this
      one, which an indexed Job of Kubernetes sets;
    - the variables of a SLURM step. A worker listens at a port made of the
      job's number; `KERAS_NN_PORT` sets the first one of each node.

    Args:
        environment: mapping. Defaults to `os.environ`.

    Returns:
        A `tf.distribute.cluster_resolver.ClusterResolver`.

    Raises:
        ValueError: if the environment describes no cluster.

    Example:

    >>> resolver = cluster_resolver({
    ...     "KERAS_NN_WORKERS": "train-[0-1].train:2222",
    ...     "JOB_COMPLETION_INDEX": "1",
    ... })
    >>> resolver.cluster_spec().as_dict()
    {'worker': ['train-0.train:2222', 'train-1.train:2222']}
    >>> resolver.task_id
    1
    """
    environment = os.environ if environment is None else environment
    if "TF_CONFIG" in environment:
        return tf.distribute.cluster_resolver.TFConfigClusterResolver()
    if "KERAS_NN_WORKERS" in environment:
        workers = expand(environment["KERAS_NN_WORKERS"])
        return _resolver(workers, environment, "JOB_COMPLETION_INDEX")
    if "SLURM_STEP_NUM_TASKS" in environment:
        return _resolver(_slurm_workers(environment), environment)
    raise ValueError(
        "No cluster is described. On one machine, start with `keras-nn launch "
        "--workers N -- train ...`; on several, set TF_CONFIG, or "
        "KERAS_NN_WORKERS and JOB_COMPLETION_INDEX (Kubernetes), or start "
        f"with srun (SLURM); see {DOCS}. Received: none of TF_CONFIG, "
        "KERAS_NN_WORKERS, SLURM_STEP_NUM_TASKS in the environment"
    )


def is_described(environment=None):
    """Whether the environment names several workers.

    Example:

    >>> is_described({"SLURM_STEP_NUM_TASKS": "1"})
    False
    """
    environment = os.environ if environment is None else environment
    return (
        "TF_CONFIG" in environment
        or "KERAS_NN_WORKERS" in environment
        or int(environment.get("SLURM_STEP_NUM_TASKS", "1")) > 1
    )


def expand(names):
    """The names that a list with ranges stands for, in order.

    Args:
        names: str, as SLURM writes it.

    Returns:
        A list of str.

    Example:

    >>> expand("n[08-10,12],login")
    ['n08', 'n09', 'n10', 'n12', 'login']
    """
    found = []
    for name in re.findall(r"(?:[^,\[]|\[[^\]]*\])+", names):
        parts = [
            _range(part[1:-1]) if part.startswith("[") else [part]
            for part in re.findall(r"\[[^\]]*\]|[^\[]+", name.strip())
        ]
        found += ["".join(chosen) for chosen in itertools.product(*parts)]
    return found


@contextlib.contextmanager
def losses_explained():
    """Turns what TensorFlow says when a worker is gone into a `WorkerLost`."""
    try:
        yield
    except (
        tf.errors.AbortedError,
        tf.errors.CancelledError,
        tf.errors.DeadlineExceededError,
        tf.errors.UnavailableError,
    ) as error:
        message = str(error.message)
        if not re.search("Collective|CoordinationService", message):
            raise
        raise WorkerLost(
            "Another worker of the run is gone: it failed, was killed, or "
            "cannot be reached; its own output says why. Start all workers "
            f"again. Received: {_gist(message)}"
        ) from None


def _gist(message):
    """What happened, and to whom, out of a page of text."""
    found = re.search("aborted by: (.*)", message, re.DOTALL)
    text = found.group(1) if found else message
    what = text.partition("\n")[0]
    if "heartbeat" in text:
        what = "no sign of life"
    tasks = re.findall(r"/job:(\w+)/(?:replica:\d+/)?task:(\d+)", text)
    named = ", ".join(dict.fromkeys(" ".join(task) for task in tasks))
    return f"{what} ({named})"


def _range(text):
    values = []
    for part in text.split(","):
        first, dash, last = part.partition("-")
        if not dash:
            values.append(first)
            continue
        width = len(first)
        values += [
            str(number).zfill(width)
            for number in range(int(first), int(last) + 1)
        ]
    return values


def _slurm_workers(environment):
    hosts = expand(environment["SLURM_STEP_NODELIST"])
    counts = []
    for part in environment["SLURM_STEP_TASKS_PER_NODE"].split(","):
        count, times = re.fullmatch(r"(\d+)(?:\(x(\d+)\))?", part).groups()
        counts += [int(count)] * int(times or 1)
    # Jobs that share a node get different ports, below the ephemeral ones.
    job = int(environment.get("SLURM_JOB_ID", "0"))
    first = int(environment.get("KERAS_NN_PORT", 10000 + 64 * job % 20000))
    # In the order of the ranks under SLURM's usual, block distribution.
    return [
        f"{host}:{first + number}"
        for host, count in zip(hosts, counts, strict=True)
        for number in range(count)
    ]


def _resolver(workers, environment, index="SLURM_PROCID"):
    try:
        number = range(len(workers)).index(int(environment[index]))
    except (KeyError, ValueError):
        raise ValueError(
            f"{index} must be the number of this worker, from 0 to "
            f"{len(workers) - 1}. Received: "
            f"{index}={environment.get(index)!r}, workers={workers}"
        ) from None
    return tf.distribute.cluster_resolver.SimpleClusterResolver(
        tf.train.ClusterSpec({"worker": workers}),
        task_type="worker",
        task_id=number,
        num_accelerators={"GPU": len(tf.config.list_physical_devices("GPU"))},
        rpc_layer="grpc",
    )

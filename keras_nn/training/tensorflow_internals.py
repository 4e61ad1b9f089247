"""The one file that touches private names of TensorFlow.

`tests/training/test_tensorflow_internals.py` fails loudly on a TensorFlow in
which a name has moved.
"""

from tensorflow.compiler.xla.tsl.protobuf import coordination_config_pb2
from tensorflow.python.data.ops import map_op
from tensorflow.python.distribute import multi_worker_util
from tensorflow.python.eager import context
from tensorflow.python.framework import ops
from tensorflow.python.ops import control_flow_util


def has_run():
    """Whether something has run on TensorFlow, so that devices are fixed."""
    return context.context()._context_handle is not None


def seed_is_set():
    """Whether `tf.random.set_seed` was called."""
    return context.global_seed() is not None


def global_seed():
    """What operations without a seed of their own draw their seeds from."""
    now = context.context()
    return now._seed, getattr(now, "_rng", None)  # none before the first seed


def restore_global_seed(state):
    """Sets what `global_seed` gave."""
    context.context()._seed, context.context()._rng = state


def compiles():
    """Whether what is traced now will be compiled by XLA."""
    graph = ops.get_default_graph()
    return control_flow_util.GraphOrParentsInXlaContext(graph)


def inline_map(dataset, function):
    """`dataset.map(function)`, run by the thread that asks for an element.

    `map` hands every call of the function to a pool of threads and waits for
    it: 50 us and more for a function of a few operations, 3 us here.
    """
    return map_op._MapDataset(dataset, function, use_inter_op_parallelism=False)


def watch_workers(resolver, lost_seconds, connect_seconds):
    """Lets the workers of a strategy to come watch one another.

    TensorFlow then aborts what a worker waits for when another one has shown
    no sign of life for `lost_seconds`. Its own default of 10 s takes a machine
    that swaps for a dead one, and its hour for a worker that never appears is
    long.

    Args:
        resolver: `tf.distribute.cluster_resolver.ClusterResolver`.
        lost_seconds: float.
        connect_seconds: float. How long to wait for all workers at the start.
    """
    spec = multi_worker_util.normalize_cluster_spec(resolver.cluster_spec())
    jobs = [
        coordination_config_pb2.CoordinatedJob(
            name=job, num_tasks=spec.num_tasks(job)
        )
        for job in ("chief", "worker")
        if job in spec.jobs
    ]
    context.context().configure_coordination_service(
        service_type="standalone",
        service_leader=multi_worker_util.coordination_leader(spec),
        coordinated_jobs=jobs,
        heartbeat_timeout_in_ms=int(1000 * lost_seconds),
        cluster_register_timeout_in_ms=int(1000 * connect_seconds),
    )

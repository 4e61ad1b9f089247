"""The strategy that a run is spread with, by name."""

import contextlib
import faulthandler
import os
import random
import signal
import threading

import keras
import tensorflow as tf

from keras_nn.training import cluster
from keras_nn.training import keras_internals
from keras_nn.training import rendezvous
from keras_nn.training import tensorflow_internals
from keras_nn.training.agreement import from_chief
from keras_nn.training.cluster import WorkerLost
from keras_nn.training.cluster import cluster_resolver

NAMES = ("none", "mirrored", "multiworker", "tpu", "auto")
LOST_SECONDS = 20.0  # without a heartbeat, a worker counts as gone
CONNECT_SECONDS = 600.0  # until all workers are there

_made = {}  # name -> strategy, of those that claim devices


def strategy(name="auto"):
    """The one `tf.distribute.Strategy` of this process, by name.

    Build, compile and fit inside its scope:

    >>> import keras, numpy as np
    >>> from keras_nn.training import Model
    >>> from keras_nn.training import strategy
    >>> with strategy("none").scope():
    ...     inputs = keras.Input((3,))
    ...     model = Model(inputs, keras.layers.Dense(1)(inputs))
    ...     model.compile("sgd", "mse")
    ...     history = model.fit(np.ones((4, 3)), np.ones((4, 1)), verbose=0)

    Args:
        name: str. `"none"`: one device. `"mirrored"`: every GPU of this
            machine, or every logical CPU. `"multiworker"`: the processes
            that `TF_CONFIG`, `KERAS_NN_WORKERS` or SLURM describe; call it
            before anything else runs on TensorFlow, in every worker. `"tpu"`:
            the TPU that `TPU_NAME` names (never run by us: no TPU was
            available). `"auto"`: what the environment shows.

    Returns:
        The same object for the same name.

    Raises:
        ValueError: for an unknown name, or if no cluster is described.
        RuntimeError: if it is called too late, or after another strategy.
        WorkerLost: if the workers do not find one another.
    """
    if name not in NAMES:
        raise ValueError(
            f"`name` must be one of {', '.join(NAMES)}. Received: {name!r}"
        )
    if name == "auto":
        return strategy(_what_the_environment_shows())
    if name == "none":
        return tf.distribute.get_strategy()
    if name in _made:
        return _made[name]
    if _made:
        raise RuntimeError(
            "A process has one strategy: a second one can fail. Use the "
            f"first, or another process. Received: {name!r} after "
            f"{next(iter(_made))!r}"
        )
    makers = {"mirrored": _mirrored, "multiworker": _workers, "tpu": _tpu}
    _made[name] = makers[name]()
    return _made[name]


def is_chief():
    """Whether this process writes the logs and checkpoints of the run.

    Example:

    >>> is_chief()  # a process alone is its own chief
    True
    """
    return _current().extended.should_checkpoint


def joins_workers():
    """Whether `strategy` has made this process one of several workers.

    Example:

    >>> joins_workers()
    False
    """
    made = _made.get("multiworker")
    return made is not None and keras_internals.spans_workers(made)


def _current():
    """The strategy in scope, or the one that this process has made."""
    if not tf.distribute.has_strategy() and _made:
        return next(iter(_made.values()))
    return tf.distribute.get_strategy()


def _mirrored():
    devices = tf.config.list_logical_devices("GPU")
    devices = devices or tf.config.list_logical_devices("CPU")
    return tf.distribute.MirroredStrategy([d.name for d in devices])


def _tpu():
    resolver = tf.distribute.cluster_resolver.TPUClusterResolver()
    tf.config.experimental_connect_to_cluster(resolver)
    tf.tpu.experimental.initialize_tpu_system(resolver)
    return tf.distribute.TPUStrategy(resolver)


def _workers():
    resolver = cluster_resolver()
    if tensorflow_internals.has_run():
        raise RuntimeError(
            "The workers must be connected before anything runs on "
            "TensorFlow. Call `keras_nn.training.strategy('multiworker')` "
            "right after the imports. Received: a call after TensorFlow has "
            "made its devices"
        )
    seconds = float(os.environ.get("KERAS_NN_CONNECT_SECONDS", CONNECT_SECONDS))
    _meet(resolver, seconds)
    tensorflow_internals.watch_workers(resolver, LOST_SECONDS, seconds)
    # A worker that dies at this very moment leaves the others in a call that
    # nothing in Python can end.
    faulthandler.dump_traceback_later(seconds, exit=True)
    try:
        with cluster.losses_explained(), _sigterm_kept():
            chosen = tf.distribute.MultiWorkerMirroredStrategy(
                cluster_resolver=resolver
            )
            _agree_on_a_seed(chosen)
    finally:
        faulthandler.cancel_dump_traceback_later()
    return chosen


@contextlib.contextmanager
def _sigterm_kept():
    """TensorFlow's server swallows SIGTERM, for a watch that nobody asks."""
    if threading.current_thread() is not threading.main_thread():
        yield  # where Python sets no handlers
        return
    handler = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, handler or signal.SIG_DFL)


def _meet(resolver, seconds):
    jobs = resolver.cluster_spec().as_dict()
    addresses = [*jobs.get("chief", []), *jobs.get("worker", [])]
    own = jobs[resolver.task_type][resolver.task_id]
    try:
        rendezvous.wait_for_peers(addresses, own, seconds)
    except TimeoutError as error:
        raise WorkerLost(str(error)) from None


def _agree_on_a_seed(strategy):
    """Makes workers shuffle alike, where no seed was set.

    A worker takes its share of every batch. If their orders differed, some
    examples of an epoch would be seen twice and others never.
    """
    seed = -1 if tensorflow_internals.seed_is_set() else random.getrandbits(31)
    if (agreed := from_chief(strategy, seed)) >= 0:
        keras.utils.set_random_seed(agreed)


def _what_the_environment_shows():
    if cluster.is_described():
        return "multiworker"
    if "TPU_NAME" in os.environ:
        return "tpu"
    if len(tf.config.list_physical_devices("GPU")) > 1:
        return "mirrored"
    return "none"

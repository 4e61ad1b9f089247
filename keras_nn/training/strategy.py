"""The strategy that a run is spread with, by name."""

import functools
import os

import tensorflow as tf

NAMES = ("none", "mirrored", "multiworker", "tpu", "auto")


@functools.cache
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
            that `TF_CONFIG`, SLURM or Kubernetes describe; call it before
            anything else runs on TensorFlow. `"tpu"`: the TPU that
            `TPU_NAME` names (never run by us: no TPU was available).
            `"auto"`: what the environment shows.

    Returns:
        The same object for the same name: a second strategy in one process
        can fail.

    Raises:
        ValueError: for an unknown name.
    """
    if name not in NAMES:
        raise ValueError(
            f"`name` must be one of {', '.join(NAMES)}. Received: {name!r}"
        )
    if name == "auto":
        return strategy(_what_the_environment_shows())
    if name == "mirrored":
        devices = tf.config.list_logical_devices("GPU")
        devices = devices or tf.config.list_logical_devices("CPU")
        return tf.distribute.MirroredStrategy([d.name for d in devices])
    if name == "multiworker":
        return tf.distribute.MultiWorkerMirroredStrategy(
            cluster_resolver=cluster_resolver()
        )
    if name == "tpu":
        resolver = tf.distribute.cluster_resolver.TPUClusterResolver()
        tf.config.experimental_connect_to_cluster(resolver)
        tf.tpu.experimental.initialize_tpu_system(resolver)
        return tf.distribute.TPUStrategy(resolver)
    return tf.distribute.get_strategy()


def cluster_resolver():
    """The resolver of the cluster that this process is a worker of.

    Returns:
        A `tf.distribute.cluster_resolver.ClusterResolver`.

    Raises:
        ValueError: if the environment describes no cluster.
    """
    resolvers = tf.distribute.cluster_resolver
    if "TF_CONFIG" in os.environ:
        return resolvers.TFConfigClusterResolver()
    if "SLURM_STEP_NUM_TASKS" in os.environ:
        return resolvers.SlurmClusterResolver()
    if "KUBERNETES_SERVICE_HOST" in os.environ:
        return resolvers.KubernetesClusterResolver()
    raise ValueError(
        "No cluster is described. Set TF_CONFIG, start under SLURM or "
        "Kubernetes, or use `keras-nn launch --workers N -- train ...` on "
        "one machine. Received: none of TF_CONFIG, SLURM_STEP_NUM_TASKS, "
        "KUBERNETES_SERVICE_HOST in the environment"
    )


def is_chief():
    """Whether this process writes the logs and checkpoints of the run.

    Example:

    >>> is_chief()  # a process alone is its own chief
    True
    """
    context = tf.distribute.get_strategy().cluster_resolver
    return context is None or not context.task_id


def _what_the_environment_shows():
    if "TF_CONFIG" in os.environ or (
        int(os.environ.get("SLURM_STEP_NUM_TASKS", "1")) > 1
    ):
        return "multiworker"
    if "TPU_NAME" in os.environ:
        return "tpu"
    if len(tf.config.list_physical_devices("GPU")) > 1:
        return "mirrored"
    return "none"

"""Two logical CPUs, one strategy: replicas on a machine without a GPU."""

import functools


@functools.cache
def two_replicas():
    """The one `MirroredStrategy` of this process, over two logical CPUs.

    TensorFlow fixes its devices when it starts, and a second strategy in one
    process can fail, so call this first (in `conftest.py`) and reuse what it
    returns.

    Returns:
        A `tf.distribute.MirroredStrategy` with two replicas.

    Raises:
        RuntimeError: if TensorFlow has already started with one CPU device.

    Example:

    >>> two_replicas().num_replicas_in_sync
    2
    """
    import tensorflow as tf

    cpu = tf.config.list_physical_devices("CPU")[0]
    if tf.config.get_logical_device_configuration(cpu) is None:
        one = tf.config.LogicalDeviceConfiguration()
        try:
            tf.config.set_logical_device_configuration(cpu, [one, one])
        except RuntimeError as error:
            raise RuntimeError(
                "Call `keras_nn.testing.two_replicas()` before anything runs "
                "on TensorFlow: its devices are fixed when it starts. "
                f"Received: {error}"
            ) from error
    devices = [d.name for d in tf.config.list_logical_devices("CPU")]
    if len(devices) < 2:
        raise RuntimeError(
            f"Two logical CPU devices are needed. Received: {devices}"
        )
    from keras_nn.training import strategy

    return strategy("mirrored")

"""What models say that keep a state which replicas would not share."""


def check_one_device(model, strategy):
    """Raise where several replicas would train a model of one device.

    Args:
        model: a model; one whose `one_device` is true keeps chains or
            patterns that go on from batch to batch.
        strategy: `tf.distribute.Strategy`.

    Raises:
        ValueError: naming the number of replicas.
    """
    count = strategy.num_replicas_in_sync
    if getattr(model, "one_device", False) and count > 1:
        raise ValueError(
            f"What a {type(model).__name__} keeps from batch to batch lives "
            "on one device: train without a strategy. "
            f"Received: {count} replicas"
        )

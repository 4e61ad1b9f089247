from keras import ops

from keras_nn.ops.linear_chain import best_path


def tag_predictions(y_pred):
    """The tags that a network says, whatever it says them with.

    Args:
        y_pred: int tensor of shape `(batch, length)`: tags; float tensor of
            shape `(batch, length, tags)`: scores of tags, the best counts;
            or of shape `(batch, length, tags, tags)`: a chain, as
            `layers.CRF` gives it, whose best path counts.

    Returns:
        An int32 tensor of shape `(batch, length)`.

    Example:

    >>> scores = ops.array([[[0.1, 0.9], [0.8, 0.2]]])
    >>> ops.convert_to_numpy(tag_predictions(scores)).tolist()
    [[1, 0]]
    """
    rank = len(y_pred.shape)
    if rank == 4:
        return best_path(y_pred)
    if rank == 3:
        return ops.cast(ops.argmax(y_pred, axis=-1), "int32")
    if rank == 2:
        return ops.cast(y_pred, "int32")
    raise ValueError(
        "`y_pred` must be tags, scores of tags or a chain of them. "
        f"Received: shape {tuple(y_pred.shape)}"
    )

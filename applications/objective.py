from keras_nn.applications.unknown_choice import UnknownChoice
from keras_nn.applications.unknown_choice import WrongRequest

BETTER = {
    "min": ("loss", "error", "mae", "mse", "rmse", "perplexity", "fid"),
    "max": ("accuracy", "auc", "precision", "recall", "f1", "iou", "r2"),
}


def direction_of(objective, direction=None):
    """Whether less or more of a metric is better.

    Args:
        objective: str. Name of a metric, or `"loss"`.
        direction: str or None. `"min"` or `"max"`, for metrics whose name
            does not tell; it tells if its last word does.

    Returns:
        `"min"` or `"max"`.

    Raises:
        WrongRequest: if neither tells.

    Example:

    >>> direction_of("top_5_accuracy"), direction_of("loss")
    ('max', 'min')
    """
    if direction is not None:
        if direction not in BETTER:
            raise UnknownChoice("direction", direction, BETTER)
        return direction
    for known, words in BETTER.items():
        if objective.split("_")[-1] in words:
            return known
    raise WrongRequest(
        "Say whether less or more of the objective is better: "
        f"`--direction min` or `max`. Received: {objective=}"
    )

import numpy as np


def detection_scores(is_anomaly, scores, threshold):
    """How well scores tell anomalies from usual examples.

    Args:
        is_anomaly: bool array `(n,)`.
        scores: float array `(n,)`, higher for what is less usual.
        threshold: float. Above it an example is called an anomaly.

    Returns:
        A dict: `roc_auc`, the chance that an anomaly has a higher score than
        a usual example; `average_precision`, the mean precision over the
        ranks of anomalies (both only where there are examples of either
        kind); `flagged_usual` and `flagged_anomalous`, the shares above the
        threshold.

    Example:

    >>> found = detection_scores(
    ...     np.array([True, False, False]), np.array([3.0, 1.0, 2.0]), 1.5
    ... )
    >>> found["roc_auc"], found["flagged_usual"]
    (1.0, 0.5)
    """
    is_anomaly, scores = np.asarray(is_anomaly), np.asarray(scores)
    found = {}
    if is_anomaly.any() and not is_anomaly.all():
        from sklearn.metrics import average_precision_score
        from sklearn.metrics import roc_auc_score

        found["roc_auc"] = float(roc_auc_score(is_anomaly, scores))
        found["average_precision"] = float(
            average_precision_score(is_anomaly, scores)
        )
    for name, mine in (
        ("flagged_usual", ~is_anomaly),
        ("flagged_anomalous", is_anomaly),
    ):
        if mine.any():
            found[name] = float((scores[mine] > threshold).mean())
    return found

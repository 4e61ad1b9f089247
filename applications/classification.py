"""What the classifiers share: their metrics, their scores, their answers."""

import keras
import numpy as np

MANY_CLASSES = 20  # above which the five best answers count, too


def accuracy_metrics(num_classes):
    """The metrics of a classifier of so many classes: a list."""
    metrics = [keras.metrics.SparseCategoricalAccuracy(name="accuracy")]
    if num_classes > MANY_CLASSES:
        metrics.append(
            keras.metrics.SparseTopKCategoricalAccuracy(
                5, name="top_5_accuracy"
            )
        )
    return metrics


def class_scores(app, split):
    """The metrics of `accuracy_metrics`, and the loss, example by example.

    Args:
        app: a classifier with the attribute `num_classes` whose outputs are
            probabilities.
        split: `keras_nn.data.Split`.

    Returns:
        A dict of name to array `(examples,)`.
    """
    labels = np.asarray(split.y).reshape(-1)
    probabilities = app.predict(split, verbose=0)
    of_label = probabilities[np.arange(len(labels)), labels]
    scores = {"accuracy": 1.0 * (probabilities.argmax(axis=1) == labels)}
    if app.num_classes > MANY_CLASSES:
        rank = np.sum(probabilities > of_label[:, None], axis=1)
        scores["top_5_accuracy"] = 1.0 * (rank < 5)
    if not app.losses:  # else the loss has a part that no example has
        scores["loss"] = -np.log(np.maximum(of_label, 1e-7))
    return scores


def ranked_labels(probabilities, class_names, top):
    """The most probable labels of each example.

    Args:
        probabilities: array `(examples, classes)`.
        class_names: list of str, or None for `"0"`, `"1"` ...
        top: int. How many labels, best first.

    Returns:
        A list, one entry an example, of lists of `(label, probability)`.

    Example:

    >>> ranked_labels(np.array([[0.25, 0.75]]), ["no", "yes"], 1)
    [[('yes', 0.75)]]
    """
    if top < 1:
        raise ValueError(f"`top` must be at least 1. Received: {top=}")
    names = class_names or [str(i) for i in range(probabilities.shape[1])]
    order = np.argsort(-probabilities, axis=1, kind="stable")[:, :top]
    return [
        [(names[index], float(row[index])) for index in indices]
        for row, indices in zip(probabilities, order, strict=True)
    ]

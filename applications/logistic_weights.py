import numpy as np

NEVER = -1e9  # the bias of a class that no example has


def logistic_weights(features, labels, num_classes):
    """Kernel and bias of a logistic regression, for a softmax layer.

    It is scikit-learn's, with its default penalty, on features of mean 0 and
    deviation 1; the scale is folded into the weights.

    Args:
        features: float array `(examples, features)`.
        labels: int array `(examples,)`, of at least two classes.
        num_classes: int.

    Returns:
        `[kernel, bias]`, float32 arrays.

    Example:

    >>> x = np.array([[0.0], [1.0], [5.0], [6.0]])
    >>> kernel, bias = logistic_weights(x, np.array([0, 0, 1, 1]), 2)
    >>> (x @ kernel + bias).argmax(axis=1).tolist()
    [0, 0, 1, 1]
    """
    from sklearn.linear_model import LogisticRegression

    mean, deviation = features.mean(axis=0), features.std(axis=0) + 1e-7
    found = LogisticRegression(max_iter=1000).fit(
        (features - mean) / deviation, labels
    )
    weights, intercept = found.coef_, found.intercept_
    if len(found.classes_) == 2:  # one row for two classes
        weights = np.concatenate([-weights / 2, weights / 2])
        intercept = np.concatenate([-intercept / 2, intercept / 2])
    kernel = np.zeros((features.shape[1], num_classes), "float32")
    bias = np.full(num_classes, NEVER, "float32")
    kernel[:, found.classes_] = (weights / deviation).T
    bias[found.classes_] = intercept - weights @ (mean / deviation)
    return [kernel, bias]

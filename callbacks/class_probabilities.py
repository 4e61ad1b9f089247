import numpy as np


def class_probabilities(outputs, from_logits):
    """A classifier's outputs as one probability per class.

    Args:
        outputs: float array `(examples, units)`. One unit stands for class 1
            of two classes.
        from_logits: bool. Whether outputs are logits: softmax of several,
            sigmoid of one.

    Returns:
        float array `(examples, classes)`; rows sum to 1, or are not finite
        where the outputs are not.

    Raises:
        ValueError: If the outputs are no probabilities and should be.

    Example:

    >>> class_probabilities(np.array([[0.0], [0.75]]), False).tolist()
    [[1.0, 0.0], [0.25, 0.75]]
    """
    if from_logits and outputs.shape[1] == 1:
        outputs = np.concatenate([-outputs / 2, outputs / 2], axis=1)
    if from_logits:
        shifted = np.exp(outputs - outputs.max(axis=1, keepdims=True))
        return shifted / shifted.sum(axis=1, keepdims=True)
    if outputs.shape[1] == 1:
        outputs = np.concatenate([1 - outputs, outputs], axis=1)
    finite = outputs[np.isfinite(outputs).all(axis=1)]
    sums = finite.sum(axis=1)
    if finite.size and (
        finite.min() < -1e-3 or not np.allclose(sums, 1, atol=0.03)
    ):
        raise ValueError(
            "the outputs are no probabilities; pass `from_logits=True` if they "
            "are logits. Received: values from "
            f"{finite.min():.4g} to {finite.max():.4g}, rows that sum to "
            f"{sums.min():.4g} to {sums.max():.4g}"
        )
    return outputs / outputs.sum(axis=1, keepdims=True)

from keras_nn import losses

LIKELIHOODS = {
    "bernoulli": losses.BernoulliNLL,
    "gaussian": losses.GaussianNLL,
    "discretized_logistic": losses.DiscretizedLogisticNLL,
}


def likelihood_of(likelihood):
    """The `keras_nn.losses.ValueNLL` that a name or an object stands for.

    Args:
        likelihood: `"bernoulli"`, `"gaussian"` (of deviation 1),
            `"discretized_logistic"`, or a `ValueNLL`.

    Raises:
        ValueError: On another name.

    Example:

    >>> likelihood_of("bernoulli").parameters_per_value
    1
    """
    if not isinstance(likelihood, str):
        return likelihood
    if likelihood not in LIKELIHOODS:
        raise ValueError(
            f"`likelihood` must be one of {sorted(LIKELIHOODS)} or an object. "
            f"Received: {likelihood=}"
        )
    if likelihood == "gaussian":
        return losses.GaussianNLL(deviation=1.0)
    return LIKELIHOODS[likelihood]()

import keras
from keras import ops

from keras_nn.losses.likelihood.value_nll import ValueNLL

# Distributions of single numbers that have a mean and can be drawn from.
NAMES = (
    *("Bernoulli", "Beta", "Binomial", "ContinuousBernoulli", "Exponential"),
    *("ExponentiallyModifiedGaussian", "Gamma", "GeneralizedNormal"),
    *("Geometric", "Gumbel", "HalfNormal", "JohnsonSU", "Kumaraswamy"),
    *("Laplace", "LogNormal", "Logistic", "Moyal"),
    *("NegativeBinomial", "Normal", "Poisson", "Skellam", "StudentT"),
    *("TruncatedNormal", "TwoPieceNormal", "VonMises", "Weibull"),
    "ZeroInflatedNegativeBinomial",
)


@keras.saving.register_keras_serializable(package="keras_nn")
class DistributionNLL(ValueNLL):
    """Negative log-likelihood of values of a distribution by name.

    `loss = -sum_i log p(y_i | g(y_pred_i))`, `p` that of TensorFlow
    Probability and `g` what its `parameter_properties` take to get from any
    numbers to parameters it allows (softplus for a scale).

    Args:
        distribution: str. A name of
            `keras_nn.losses.likelihood.distribution_nll.NAMES`, such as
            `"Laplace"`.
        fixed: dict of names and floats. Parameters that are the same for
            every value, as they are: the network says the others. Defaults to
            none.
        reduction: str, as in Keras. Defaults to `"sum_over_batch_size"`.
        name: str. Defaults to `"distribution_nll"`.
        dtype: str or dtype policy of the computation.

    Call arguments:
        y_true: values `(batch, ..., channels)` that the distribution allows:
            no density is said of others.
        y_pred: float tensor `(batch, ..., channels * parameters_per_value)`,
            one kind after the other as `parameter_names` has them, in the
            order of the alphabet.

    Returns:
        Nats an example, reduced. Of a density it may fall below 0.

    Raises:
        ValueError: On another name; on a parameter that the distribution has
            not, or that can only be fixed; if all are fixed.

    Example:

    >>> from keras import ops
    >>> loss = DistributionNLL("StudentT", fixed={"df": 4.0})
    >>> loss.parameter_names
    ['loc', 'scale']
    >>> round(float(loss(ops.zeros((1, 1)), ops.zeros((1, 2)))), 4)
    0.6143

    Reference:
        [Dillon et al., 2017](https://arxiv.org/abs/1711.10604)
    """

    def __init__(
        self,
        distribution,
        fixed=None,
        reduction="sum_over_batch_size",
        name="distribution_nll",
        dtype=None,
    ):
        super().__init__(name=name, reduction=reduction, dtype=dtype)
        if distribution not in NAMES:
            raise ValueError(
                f"`distribution` must be one of {sorted(NAMES)}. "
                f"Received: {distribution=}"
            )
        self.distribution = distribution
        self.fixed = dict(fixed or {})
        _, properties = self._family()
        self.parameter_names = sorted({*properties} - {*self.fixed})
        if not {*self.fixed} < {*properties}:
            raise ValueError(
                f"`fixed` must hold some of {sorted(properties)}, not all. "
                f"Received: {fixed=}"
            )
        self.parameters_per_value = len(self.parameter_names)
        self._constraints()

    def _family(self):
        """The class, and the properties of its parameters by name."""
        import tensorflow_probability as tfp

        family = getattr(tfp.distributions, self.distribution)
        properties = family.parameter_properties(dtype="float32")
        wanted = {k: p for k, p in properties.items() if p.is_preferred}
        return family, wanted

    def _constraints(self):
        """What each parameter said is sent through."""
        _, properties = self._family()
        found = {}
        for name in self.parameter_names:
            try:
                constraint = properties[name].default_constraining_bijector_fn()
            except NotImplementedError as error:
                raise ValueError(
                    f"`{name}` of {self.distribution} must be fixed. "
                    f"Received: fixed={self.fixed}"
                ) from error
            found[name] = constraint
        return found

    def _said(self, y_pred):
        """The distribution of every value, in float32."""
        family, _ = self._family()
        y_pred = ops.cast(y_pred, "float32")
        parts = ops.split(y_pred, self.parameters_per_value, axis=-1)
        said = {
            name: constraint.forward(part)
            for (name, constraint), part in zip(
                self._constraints().items(), parts, strict=True
            )
        }
        # A mean that does not exist is an error, not a NaN.
        return family(**said, **self.fixed, allow_nan_stats=False)

    def value_nll(self, y_true, y_pred):
        return -self._said(y_pred).log_prob(ops.cast(y_true, "float32"))

    def mean(self, y_pred):
        return ops.cast(self._said(y_pred).mean(), y_pred.dtype)

    def draw(self, y_pred, seed=None):
        seed = keras.random.randint((2,), 0, 2**31 - 1, "int32", seed=seed)
        return ops.cast(self._said(y_pred).sample(seed=seed), y_pred.dtype)

    def get_config(self):
        return {
            **super().get_config(),
            "distribution": self.distribution,
            "fixed": self.fixed,
        }


def distribution_nll(y_true, y_pred, distribution, fixed=None):
    """Nats of each example; see `DistributionNLL`.

    Args:
        y_true: values `(batch, ..., channels)`.
        y_pred: what the network says of them.
        distribution: str. Name of the distribution.
        fixed: dict of names and floats, or None.

    Returns:
        A float tensor `(batch,)`.

    Example:

    >>> from keras import ops
    >>> said = ops.zeros((3, 2))
    >>> tuple(distribution_nll(ops.ones((3, 1)), said, "Laplace").shape)
    (3,)
    """
    return DistributionNLL(distribution, fixed, reduction="none")(
        y_true, y_pred
    )

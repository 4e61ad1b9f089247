import keras


@keras.saving.register_keras_serializable(package="keras_nn")
class LayerwiseLearningRate(keras.optimizers.Optimizer):
    """Another optimiser, with a smaller rate for some weights.

    `rate of weight i = scales[i] * rate`

    The rate, and with it decoupled weight decay, is scaled and not the
    gradient, to whose size Adam and its kin are blind. Gradients are clipped
    over all weights together. The other optimiser's schedule, decay,
    clipping, averages and accumulation are this one's; `learning_rate` is
    that of a weight whose scale is 1.

    `keras.optimizers.MultiOptimizer` could hold an optimiser for each scale,
    but it has no learning rate that a callback could read, and it clips the
    weights of each for themselves.

    Args:
        optimizer: `keras.optimizers.Optimizer`. It is copied, and left as it
            is.
        scales: list of floats, not negative, one a trainable weight of the
            model, in their order, as
            `keras_nn.models.layer_decay_scales` makes it.
        name: str or None.

    Raises:
        ValueError: if a scale is negative, or, when the weights are known,
            if there is not one for each.

    Example:

    >>> model = keras.Sequential(
    ...     [keras.Input((1,)), keras.layers.Dense(1), keras.layers.Dense(1)]
    ... )
    >>> optimizer = LayerwiseLearningRate(
    ...     keras.optimizers.SGD(0.5), [0.1, 0.1, 1.0, 1.0]
    ... )
    >>> optimizer.build(model.trainable_variables)
    >>> ones = [keras.ops.ones_like(w) for w in model.trainable_variables]
    >>> optimizer.apply(ones)
    >>> [round(float(layer.bias[0]), 6) for layer in model.layers]
    [-0.05, -0.5]

    Reference:
        [Clark et al., 2020](https://arxiv.org/abs/2003.10555), appendix A.
    """

    def __init__(self, optimizer, scales, name=None):
        optimizer = keras.optimizers.get(optimizer)
        scales = [float(scale) for scale in scales]
        if not scales or min(scales) < 0:
            raise ValueError(
                "`scales` must hold one number for each trainable weight, "
                f"none of them negative. Received: {scales=}"
            )
        config = optimizer.get_config()
        given = (
            "weight_decay",
            "clipnorm",
            "clipvalue",
            "global_clipnorm",
            "use_ema",
            "ema_momentum",
            "ema_overwrite_frequency",
            "loss_scale_factor",
            "gradient_accumulation_steps",
        )
        rate = optimizer._learning_rate
        if isinstance(rate, keras.Variable):
            rate = float(rate.numpy())
        super().__init__(
            learning_rate=rate,
            name=name or f"layerwise_{optimizer.name}",
            **{key: config[key] for key in given},
        )
        self.optimizer = optimizer
        self.scales = scales
        rule = type(optimizer).from_config(
            {**config, "use_ema": False, "gradient_accumulation_steps": None}
        )
        rule._iterations = self._iterations
        self._of_no_state = {id(variable) for variable in rule.variables}
        self._delegate(rule)
        # In a function, where Keras's saving does not find the copy: its
        # variables are among this one's.
        self._rule = lambda: rule

    def build(self, variables):
        if len(variables) != len(self.scales):
            raise ValueError(
                "`scales` must hold one number for each trainable weight. "
                f"Received: {len(self.scales)} scales, {len(variables)} weights"
            )
        super().build(variables)
        rule = self._rule()
        rule.build(variables)
        # By which its count of updates is that of batches.
        rule.gradient_accumulation_steps = self.gradient_accumulation_steps

    @property
    def variables(self):
        return super().variables + [
            variable
            for variable in self._rule().variables
            if id(variable) not in self._of_no_state
        ]

    def get_config(self):
        config = keras.optimizers.serialize(self.optimizer)
        # The rate may have been changed since.
        rate = super().get_config()["learning_rate"]
        config["config"] = {**config["config"], "learning_rate": rate}
        return {"optimizer": config, "scales": self.scales, "name": self.name}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        optimizer = keras.optimizers.deserialize(
            config["optimizer"], custom_objects
        )
        return cls(**{**config, "optimizer": optimizer})

    def update_step(self, gradient, variable, learning_rate):
        self._rule().update_step(gradient, variable, learning_rate)

    def _apply_weight_decay(self, variables):
        """Nothing: each weight is decayed with its own rate when it moves."""

    def _backend_update_step(self, grads, trainable_variables, learning_rate):
        self._rule()._backend_update_step(
            grads, trainable_variables, learning_rate
        )

    def _delegate(self, rule):
        """Lets the copy ask this optimiser for rates and whole gradients."""
        move = rule.update_step

        def update_step(gradient, variable, learning_rate):
            scale = self.scales[self._get_variable_index(variable)]
            rate = keras.ops.cast(learning_rate, "float32") * scale
            self._decay(variable, rate)
            move(gradient, variable, rate)

        rule.update_step = update_step
        if hasattr(rule, "_all_reduce_sum_gradients"):
            # The engine sums gradients over replicas by itself.
            rule._all_reduce_sum_gradients = lambda pairs: (
                self._all_reduce_sum_gradients(pairs)
            )

    def _decay(self, variable, rate):
        if self.weight_decay is None:
            return
        if self.optimizer._use_weight_decay(variable):
            share = keras.ops.cast(rate * self.weight_decay, variable.dtype)
            self.assign_sub(variable, variable * share)

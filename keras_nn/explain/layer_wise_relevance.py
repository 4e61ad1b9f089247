import keras
import tensorflow as tf

from keras_nn.explain import relevance_rules as rules
from keras_nn.explain.explainer import total
from keras_nn.explain.ruled_gradients import RuledGradients
from keras_nn.explain.ruled_gradients import activation_of

RULES = ("epsilon", "gamma", "alpha-beta", "z+", "composite")
# What moves numbers, or picks one of them, moves their relevance alike.
_MOVING = {
    *("Reshape", "Flatten", "Permute", "Transpose", "Squeeze", "ExpandDims"),
    *("Concatenate", "Stack", "Split", "GetItem", "Pad", "Roll", "Flip"),
    *(
        "ConvertToTensor",
        "Cast",
        "BroadcastTo",
        "Tile",
        "Repeat",
        "RepeatVector",
        "Copy",
    ),
    *("ZeroPadding1D", "ZeroPadding2D", "ZeroPadding3D"),
    *("Cropping1D", "Cropping2D", "Cropping3D", "ConstantPadding2D"),
    *("UpSampling1D", "UpSampling2D", "UpSampling3D", "PaddingShortcut"),
    *("MaxPooling1D", "MaxPooling2D", "MaxPooling3D", "MaxPool"),
    *("GlobalMaxPooling1D", "GlobalMaxPooling2D", "GlobalMaxPooling3D"),
    *("Max", "Maximum", "Take", "TokensToMap", "StopGradient"),
    *("Identity", "Dropout", "SpatialDropout1D", "SpatialDropout2D"),
    *("SpatialDropout3D", "AlphaDropout", "GaussianDropout"),
    *("GaussianNoise", "ActivityRegularization", "DropPath", "DropBlock2D"),
    *("RandomFlip", "RandomTranslation", "RandomRotation", "RandomZoom"),
    *("RandomContrast", "RandomBrightness", "RandomCrop", "PatchDropout"),
}
_LINEAR = {
    *("Add", "Subtract", "Average", "Mean", "Sum", "Negative", "AveragePool"),
    *("AveragePooling1D", "AveragePooling2D", "AveragePooling3D"),
    *("GlobalAveragePooling1D", "GlobalAveragePooling2D"),
    *("GlobalAveragePooling3D", "Rescaling", "Normalization", "Resizing"),
    *("BatchNormalization", "FastBatchNormalization", "LayerScale"),
    *("Conv", "DepthwiseConv", "SeparableConv", "ConvTranspose"),
    *("SeparableConv1D", "SeparableConv2D", "Conv1DTranspose"),
    *("Conv2DTranspose", "Conv3DTranspose", "EinsumDense", "ConvNormAct"),
    *("BlurPool2D", "UnitBias", "TokenPooling", "VisionTokens", "Dense"),
    *("PicturePreprocessing", "DepthwiseConv1D", "DepthwiseConv2D"),
    *("Conv1D", "Conv2D", "Conv3D", "ConvBatchNorm"),
    *("DepthwiseConvBatchNorm", "StandardizedConv2D"),
}
_PRODUCTS = {"Multiply", "Divide", "TrueDivide", "Matmul"}


class LayerWiseRelevance(RuledGradients):
    """Layer-wise relevance propagation: the score, shared out backward.

    `R_i = sum_j x_i w_ij / sum_i' x_i' w_i'j R_j`, from the class score to the
    inputs; activations pass relevance on. The rules change which contributions
    count:

    - `"epsilon"`: all; `epsilon` keeps the denominator from 0.
    - `"gamma"`: those with the output's sign count `1 + gamma` times.
    - `"alpha-beta"`: positive ones share `alpha` of it, negative ones
      `-beta`, `alpha - beta = 1`.
    - `"z+"`: positive ones only, alpha 1 and beta 0.
    - `"composite"`: `"z+"` in convolutions, `"epsilon"` in dense layers.

    They apply to dense layers and convolutions; other linear operations
    (averages, sums, normalisation) have the epsilon rule. Layer normalisation
    and attention count their deviation and their weights as constants. In a
    network without biases, or with `absorb_bias=False`, what arrives at the
    inputs is the score. Learned constants among the tokens (a class token)
    keep what is theirs, too.

    Args:
        rule: str, one of those above. Defaults to `"composite"`.
        layer_rules: dict from the name of a layer (of the view) to another
            rule for it, or None.
        epsilon: float. Defaults to 1e-6.
        gamma: float. Defaults to 0.25.
        alpha: float. Defaults to 2.
        beta: float. Defaults to 1.
        absorb_bias: bool. Whether biases keep their share of relevance, so
            that less than the score arrives. Without, denominators are nearer
            to 0. Defaults to True.
        model, output, linear, batch_size, layer, neuron: as of `Explainer`.

    Call arguments:
        inputs, targets: as of `Explainer`.

    Returns:
        An `Explanation`; its convergence delta is the attributions' sum less
        the score.

    Raises:
        ValueError: on another rule; in the call, if there is an operation
            that no rule is known for.

    Example:

    >>> import numpy as np
    >>> model = keras.Sequential([
    ...     keras.Input((3,)), keras.layers.Dense(8, "relu", use_bias=False),
    ...     keras.layers.Dense(2, use_bias=False),
    ... ])
    >>> found = LayerWiseRelevance(model)(np.ones((2, 3)), targets=0)
    >>> bool(np.abs(found.convergence_delta).max() < 1e-4)
    True

    Reference:
        [Bach et al., 2015](https://doi.org/10.1371/journal.pone.0130140);
        [Montavon et al., 2019](https://doi.org/10.1007/978-3-030-28954-6_10);
        [transformers](https://arxiv.org/abs/2202.07304)
    """

    method = "layer-wise-relevance"
    layered = True

    def __init__(
        self,
        model,
        rule="composite",
        layer_rules=None,
        epsilon=1e-6,
        gamma=0.25,
        alpha=2.0,
        beta=1.0,
        absorb_bias=True,
        **kwargs,
    ):
        super().__init__(model, **kwargs)
        for name in (rule, *(layer_rules or {}).values()):
            if name not in RULES:
                raise ValueError(
                    f"a rule must be one of {RULES}. Received: {name!r}"
                )
        if epsilon <= 0 or gamma < 0:
            raise ValueError(
                "`epsilon` must be positive, and `gamma` not negative. "
                f"Received: {epsilon=}, {gamma=}"
            )
        if beta < 0 or abs(alpha - beta - 1) > 1e-6:
            raise ValueError(
                "`alpha - beta` must be 1, and `beta` not negative. "
                f"Received: {alpha=}, {beta=}"
            )
        self.base_rule = rule
        self.layer_rules = layer_rules or {}
        self.epsilon = epsilon
        self.gamma = gamma
        self.alpha = alpha
        self.beta = beta
        self.absorb_bias = absorb_bias

    def attribute(self, flat, targets):
        known = {o.name for o in self.scores.view.model.operations}
        if not set(self.layer_rules) <= known:
            raise ValueError(
                f"`layer_rules` must name layers of {sorted(known)}. "
                f"Received: {sorted(self.layer_rules)}"
            )
        relevance = self.ruled(flat, targets)
        delta = total(relevance) - self.values(flat, targets)
        return relevance, delta

    def run(self, flat):
        # The relevance of the outputs is their value.
        return rules.turned(super().run(flat))

    def rule(self, operation, *args, **kwargs):
        tensors = [
            x
            for x in tf.nest.flatten((args, kwargs))
            if tf.is_symbolic_tensor(x) and x.dtype.is_floating
        ]
        kind = type(operation).__name__
        if not tensors or kind in _MOVING:
            return operation(*args, **kwargs)
        if activation_of(operation) is not None:
            return rules.passing(operation(*args, **kwargs), tensors[0])
        if "softmax" in f"{kind} {_activation(operation)}".lower():
            return tf.stop_gradient(operation(*args, **kwargs))
        if kind == "LayerNormalization":
            return rules.of_layer_normalization(
                operation, tensors[0], self.epsilon, self.absorb_bias
            )
        if kind in _PRODUCTS and len(tensors) == 2:
            return self._product(operation, kind, *tensors)
        if kind not in _LINEAR | _PRODUCTS or _activation(operation):
            raise ValueError(
                "layer-wise relevance knows no rule for an operation of the "
                f"model. Received: {operation.name} of class {kind}"
            )
        return self._linear(operation, tensors, args, kwargs)

    def _linear(self, operation, tensors, args, kwargs):
        rule = self._rule_of(operation)
        if rule == "epsilon":
            return rules.of_linear(
                _of_tensors(operation, args, kwargs),
                tensors,
                self.epsilon,
                self.absorb_bias,
            )
        if rule == "gamma":
            combine = rules.gamma_rule(self.gamma, self.epsilon)
        else:
            signed = {"z+": (1.0, 0.0), "alpha-beta": (self.alpha, self.beta)}
            combine = rules.alpha_beta(*signed[rule], self.epsilon)
        return rules.of_signed(operation, tensors[0], combine, self.absorb_bias)

    def _rule_of(self, operation):
        is_layer = isinstance(operation, keras.layers.Layer)
        if not is_layer or rules.kernel_of(operation) is None:
            return "epsilon"
        rule = self.layer_rules.get(operation.name, self.base_rule)
        if rule == "composite":
            dense = isinstance(operation, keras.layers.Dense)
            return "epsilon" if dense else "z+"
        return rule

    def _product(self, operation, kind, x, y):
        if kind == "Multiply":
            return rules.of_product(x, y, self.epsilon)
        # Attention's weights, or a divisor, count as constants.
        first = kind == "Matmul"
        held = tf.stop_gradient(x if first else y)
        function = (
            (lambda v: operation(held, v))
            if first
            else (lambda v: operation(v, held))
        )
        return rules.of_linear(
            function, [y if first else x], self.epsilon, self.absorb_bias
        )


def _activation(operation):
    """The name of an activation inside a layer, or an empty one."""
    activation = getattr(operation, "activation", None)
    name = getattr(activation, "__name__", "") if activation else ""
    return "" if name == "linear" else name


def _of_tensors(operation, args, kwargs):
    """The operation as a function of the tensors among its arguments."""

    def function(*tensors):
        given = iter(tensors)
        arguments = tf.nest.map_structure(
            lambda x: (
                next(given)
                if tf.is_symbolic_tensor(x) and x.dtype.is_floating
                else x
            ),
            (args, kwargs),
        )
        return operation(*arguments[0], **arguments[1])

    return function

import inspect

import keras
from keras import ops

from keras_nn.layers.flow.flow_chain import serialized
from keras_nn.layers.flow.flow_layer import FlowLayer

# Bijectors of TensorFlow Probability that are made of numbers alone.
NAMES = (
    *("Ascending", "Cumsum", "DiscreteCosineTransform", "Exp", "Expm1"),
    *("FrechetCDF", "GeneralizedExtremeValueCDF", "GeneralizedPareto"),
    *("GompertzCDF", "GumbelCDF", "Householder", "Identity", "KumaraswamyCDF"),
    *("LambertWTail", "Log", "Log1p", "MoyalCDF", "NormalCDF", "Permute"),
    *("Power", "PowerTransform", "RayleighCDF", "Reciprocal", "Reshape"),
    *("Scale", "ScaleMatvecDiag", "ScaleMatvecLU", "ScaleMatvecTriL", "Shift"),
    *("ShiftedGompertzCDF", "Sigmoid", "Sinh", "SinhArcsinh", "SoftClip"),
    *("Softfloor", "Softplus", "Softsign", "Square", "Tanh", "Transpose"),
    "WeibullCDF",
)


@keras.saving.register_keras_serializable(package="keras_nn")
class BijectorFlow(FlowLayer):
    """A bijector of TensorFlow Probability as a layer of a flow.

    `z = bijector.forward(x)`, `x = bijector.inverse(z)`, and the log
    determinant over all axes but the first,
    `bijector.forward_log_det_jacobian(x, event_ndims=rank(x) - 1)`.

    What the bijector calls its `variables` become weights of this layer: the
    same memory, so `fit` trains what `bijector.forward` reads. Networks that
    it only refers to, such as the `shift_and_log_scale_fn` of `RealNVP`, must
    be Keras layers among the `arguments`, where the layer finds them.

    Args:
        bijector: function that makes a `tfp.bijectors.Bijector`, registered
            by `keras.saving.register_keras_serializable` where the layer is
            to be saved; or str, a name of
            `keras_nn.layers.flow.bijector_flow.NAMES`, such as
            `"SinhArcsinh"`.
        arguments: dict of the arguments of the function or of the named
            class: numbers, lists, strings, arrays, Keras layers. Defaults to
            none.
        learned: list of names among the `arguments` of a named class: they
            begin at the values given and are trained, within what
            `parameter_properties` of the class allows. Defaults to none.
        **kwargs: `name`, `dtype`, `trainable`.

    Call arguments:
        inputs: float tensor `(batch, ...)`, of a shape that the bijector
            takes beside the batch.
        condition: not used.
        inverse: bool. Defaults to False.

    Returns:
        `(outputs, log_det)`, see `FlowLayer`.

    Raises:
        ValueError: On a name, an argument or a function that is not as said;
            when built, if no bijector is made, or one that needs more axes or
            holds parameters of its own for each example; when saved, if the
            function is not registered.

    Example:

    >>> layer = BijectorFlow(
    ...     "ScaleMatvecTriL",
    ...     {"scale_tril": [[2.0, 0.0], [1.0, 1.0]]},
    ...     learned=["scale_tril"],
    ... )
    >>> z, log_det = layer(ops.ones((1, 2)))
    >>> z.numpy().round(3).tolist(), log_det.numpy().round(3).tolist()
    ([[2.0, 2.0]], [0.6930000185966492])
    >>> len(layer.trainable_weights)
    1

    Reference:
        [Dillon et al., 2017](https://arxiv.org/abs/1711.10604)
    """

    def __init__(self, bijector, arguments=None, learned=(), **kwargs):
        super().__init__(**kwargs)
        arguments, learned = dict(arguments or {}), list(learned)
        if isinstance(bijector, str):
            if bijector not in NAMES:
                raise ValueError(
                    f"`bijector` must be one of {sorted(NAMES)} or a function "
                    f"that makes one. Received: {bijector=}"
                )
        elif not inspect.isfunction(bijector):
            raise ValueError(
                "`bijector` must be a function that makes a bijector, not the "
                "bijector itself: a loaded model makes it anew. "
                f"Received: {bijector=}"
            )
        elif learned:
            raise ValueError(
                "`learned` is for a named bijector: a function makes its own "
                f"variables. Received: {learned=}"
            )
        if not {*learned} <= {*arguments}:
            raise ValueError(
                "`learned` must be among the `arguments`, which say where the "
                f"values begin. Received: {learned=}, {[*arguments]=}"
            )
        self.bijector = bijector
        self.arguments = arguments
        self.learned = learned

    def build(self, inputs_shape, condition_shape=None):
        self.made = self._make()
        rank = len(inputs_shape) - 1
        least = self.made.forward_min_event_ndims
        if least > rank:
            raise ValueError(
                f"{self.made.name} needs {least} axes beside the batch. "
                f"Received: shape {tuple(inputs_shape)}"
            )
        # Some make their variables, and networks their weights, only here.
        sample = ops.full((1, *(side or 1 for side in inputs_shape[1:])), 0.5)
        shape = (1, *self.made.forward_event_shape(sample.shape[1:]))
        outputs = self.made.forward(sample)
        log_det = self.made.forward_log_det_jacobian(sample, event_ndims=rank)
        if outputs.shape != shape or tuple(log_det.shape) not in ((), (1,)):
            raise ValueError(
                "The parameters of a bijector must be the same for each "
                f"example, which becomes one of shape {shape[1:]}. Received: "
                f"outputs {outputs.shape} of an input {sample.shape} and log "
                f"determinants {log_det.shape} from {self.made.name}"
            )
        self.tracked = [
            adopted(variable, index)
            for index, variable in enumerate(self.made.variables)
        ]

    def _make(self):
        import tensorflow_probability as tfp

        arguments = dict(self.arguments)
        make = self.bijector
        if isinstance(make, str):
            make = getattr(tfp.bijectors, make)
            known = make.parameter_properties(dtype="float32")
            for name in self.learned:
                if name not in known:
                    raise ValueError(
                        f"{self.bijector} can learn {[*known]}. "
                        f"Received: learned={self.learned}"
                    )
                arguments[name] = tfp.util.TransformedVariable(
                    ops.convert_to_tensor(arguments[name], "float32"),
                    known[name].default_constraining_bijector_fn(),
                    name=name,
                )
        made = make(**arguments)
        if not isinstance(made, tfp.bijectors.Bijector):
            raise ValueError(
                "`bijector` must make a `tfp.bijectors.Bijector`. "
                f"Received: {made}"
            )
        return made

    def forward(self, inputs, condition=None, training=None):
        return self._run("forward", inputs)

    def backward(self, inputs, condition=None, training=None):
        return self._run("inverse", inputs)

    def _run(self, way, inputs):
        # Bijectors remember what they made of a tensor, whatever became of
        # their variables since: they never get the same tensor twice.
        inputs = ops.copy(inputs)
        outputs = getattr(self.made, way)(inputs)
        log_det = getattr(self.made, f"{way}_log_det_jacobian")(
            inputs, event_ndims=len(inputs.shape) - 1
        )
        return outputs, ops.broadcast_to(log_det, (ops.shape(inputs)[0],))

    def compute_output_shape(self, inputs_shape, condition_shape=None):
        return self._shape("forward", inputs_shape), (inputs_shape[0],)

    def compute_input_shape(self, outputs_shape):
        """The shape that leads to codes of `outputs_shape`."""
        return self._shape("inverse", outputs_shape)

    def _shape(self, way, shape):
        made = self.made if self.built else self._make()
        return (shape[0], *getattr(made, f"{way}_event_shape")(shape[1:]))

    def get_config(self):
        return {
            **super().get_config(),
            "bijector": self._named(),
            "arguments": {
                name: serialized([value])[0]
                if isinstance(value, keras.layers.Layer)
                else keras.saving.serialize_keras_object(value)
                for name, value in self.arguments.items()
            },
            "learned": list(self.learned),
        }

    def _named(self):
        """The name by which a file finds the bijector."""
        if isinstance(self.bijector, str):
            return self.bijector
        name = keras.saving.get_registered_name(self.bijector)
        if keras.saving.get_registered_object(name) is not self.bijector:
            raise ValueError(
                "A BijectorFlow is saved by the name of its function: put "
                "`@keras.saving.register_keras_serializable()` above it. "
                f"Received: {self.bijector}"
            )
        return {"registered_name": name}

    @classmethod
    def from_config(cls, config):
        config = dict(config)
        if isinstance(config["bijector"], dict):
            # Nothing but what this program registered is looked up.
            name = config["bijector"]["registered_name"]
            found = keras.saving.get_registered_object(name)
            if found is None:
                raise ValueError(
                    "The function that makes the bijector must be registered "
                    "before a file that names it is loaded. Received: "
                    f"{name!r}"
                )
            config["bijector"] = found
        config["arguments"] = {
            name: keras.saving.deserialize_keras_object(value)
            for name, value in config["arguments"].items()
        }
        return cls(**config)


def adopted(variable, index):
    """A `keras.Variable` around a `tf.Variable`, of the same memory."""
    name = variable.name.split(":")[0].split("/")[-1]
    found = keras.Variable(
        variable,
        dtype=variable.dtype.name,
        trainable=variable.trainable,
        autocast=False,
        name=f"{name}_{index}",
    )
    kept = getattr(variable, "constraint", None)
    if kept is not None:
        # The masks of `AutoregressiveNetwork` are kept up by such.
        found.constraint = lambda value: kept(ops.convert_to_tensor(value))
    return found

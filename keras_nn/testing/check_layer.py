"""The check that every layer passes."""

import keras

from keras_nn.testing.arguments import check_arguments
from keras_nn.testing.arguments import check_config_unchanged
from keras_nn.testing.backend import TENSORFLOW
from keras_nn.testing.backend import read
from keras_nn.testing.backend import write
from keras_nn.testing.files import check_file
from keras_nn.testing.inputs import keras_inputs
from keras_nn.testing.inputs import odd
from keras_nn.testing.masks import check_masks
from keras_nn.testing.numbers import arrays
from keras_nn.testing.numbers import assert_distinct_weights
from keras_nn.testing.precision import POLICIES
from keras_nn.testing.precision import check_half
from keras_nn.testing.promises import check_modes
from keras_nn.testing.promises import check_same_seed
from keras_nn.testing.promises import check_shapes
from keras_nn.testing.promises import first_run
from keras_nn.testing.promises import weights_of_another
from keras_nn.testing.replica_step import check_replica_step
from keras_nn.testing.replica_step import regression
from keras_nn.testing.subject import Subject


def check_layer(
    cls,
    init_kwargs,
    inputs,
    *,
    call_kwargs=None,
    batch=True,
    half=True,
    jit=True,
    mask=True,
    replicas=True,
    output_dtype=None,
    package="keras_nn",
):
    """Asserts that a layer keeps the promises Keras makes on its behalf.

    Config round trip; every argument kept and never rewritten;
    `compute_output_shape` true; any batch size; masks; finite gradients to
    every weight; no two weights equal by accident; named sublayers; the same
    seed, the same run; eager = graph = XLA; a `.keras` file; half precision;
    two replicas = one.

    Args:
        cls: the layer class.
        init_kwargs: dict of constructor arguments, or a function that returns
            one (where arguments are layers, which must not be shared).
        inputs: a shape with the batch axis first, an array (integer ids), or
            a list, tuple or dictionary of those: the first call argument.
        call_kwargs: dict. Further call arguments; the arrays and shapes
            among the values become tensors.
        batch: bool. Whether the leading axis of every tensor is a batch.
        half: bool. Whether the layer may run in half precision.
        jit: bool. Whether XLA can compile the layer.
        mask: bool. Whether `mask` is Keras's, of shape `(batch, time)`.
        replicas: bool. False where a layer cannot keep that promise, such as
            statistics of the batch. Random layers are compared in inference.
        output_dtype: str. Where it is not the compute dtype on purpose.
        package: str or None. Where `cls` is registered; None skips that.

    Raises:
        AssertionError: names the first promise that is broken.

    Example:

    >>> import keras
    >>> check_layer(keras.layers.Dense, {"units": 3}, (2, 4), package=None)
    """
    subject = Subject(cls, init_kwargs, inputs, call_kwargs)
    check_arguments(cls, subject.make(), subject.given, package)

    layer, text, outputs, start = first_run(subject)
    check_config_unchanged(layer, text)
    check_shapes(subject, layer, outputs, batch)
    check_same_seed(subject, layer, outputs, start)
    assert_distinct_weights(
        layer.weights,
        read(layer.weights),
        lambda: weights_of_another(subject),
    )
    random = check_modes(subject, layer, start, batch, jit)
    check_config_unchanged(layer, text)
    if mask:
        check_masks(
            layer,
            lambda inputs, **more: subject.call(
                layer, {**subject.tensors, "inputs": inputs}, **more
            ),
            subject.tensors["inputs"],
        )
    write(layer.variables, start)
    _check_file(subject, layer, batch)
    for policy in POLICIES if half else ():
        check_half(subject, policy, output_dtype)
    if replicas and batch and TENSORFLOW and random != "always":
        _check_replicas(subject, training=False if random else None)


def _functional(subject, layer, batch=True, training=None, model=keras.Model):
    inputs = {k: keras_inputs(v, batch) for k, v in subject.tensors.items()}
    outputs = subject.call(layer, inputs, training=training)
    outputs = subject.floats(outputs) or keras.tree.flatten(outputs)
    return model(keras.tree.flatten(inputs), outputs)


def _check_file(subject, layer, batch):
    model = _functional(subject, layer, batch)
    leaves = keras.tree.flatten(subject.tensors)

    def predict(model):
        before = read(model.variables)
        outputs = model(leaves, training=False)
        write(model.variables, before)
        return outputs

    check_file(model, predict)


def _check_replicas(subject, training):
    from keras_nn.training import Model

    def build():
        return regression(
            _functional(subject, subject.make(), True, training, Model)
        )

    model = build()
    if model.trainable_weights:
        tensors = keras.tree.map_structure(odd, subject.tensors)
        x = keras.tree.flatten(tensors)
        y = [0.5 * output + 1 for output in arrays(model(x, training=False))]
        check_replica_step(build, (x, y), one=model)

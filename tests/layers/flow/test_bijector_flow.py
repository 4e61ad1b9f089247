import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.layers import BijectorFlow
from keras_nn.layers import FlowChain
from keras_nn.layers import Inverted
from keras_nn.testing import check_layer
from keras_nn.testing.backend import TENSORFLOW
from keras_nn.testing.replica_step import check_replica_step

pytestmark = pytest.mark.skipif(
    not TENSORFLOW, reason="bijectors are those for TensorFlow"
)
X = np.random.default_rng(0).normal(2, 3, (60, 4)).astype("float32")


@keras.saving.register_keras_serializable("test_bijector_flow")
def triangular(units=4):
    """As a user of TensorFlow Probability writes a bijector that is learned."""
    import tensorflow as tf
    import tensorflow_probability as tfp

    bijectors = tfp.bijectors
    scale = tfp.util.TransformedVariable(
        np.eye(units, dtype="float32"), bijectors.FillScaleTriL()
    )
    shift = tf.Variable(np.zeros(units, "float32"), name="by/shift")
    fixed = tf.Variable(np.ones(units, "float32"), trainable=False)
    return bijectors.Chain(
        [
            bijectors.Shift(shift),
            bijectors.ScaleMatvecTriL(scale),
            bijectors.Scale(fixed),
        ]
    )


@keras.saving.register_keras_serializable("test_bijector_flow")
def real_nvp(network, masked):
    import tensorflow_probability as tfp

    def shift_and_log_scale(x, units):
        return ops.split(network(x), 2, axis=-1)

    return tfp.bijectors.RealNVP(
        num_masked=masked, shift_and_log_scale_fn=shift_and_log_scale
    )


def maf():
    import tensorflow_probability as tfp

    network = tfp.bijectors.AutoregressiveNetwork(2, hidden_units=[6])
    return tfp.bijectors.MaskedAutoregressiveFlow(network)


def real_nvp_layer():
    network = keras.layers.Dense(4, activation="tanh", name="network")
    return BijectorFlow(real_nvp, {"network": network, "masked": 2})


def bent():
    given = {"skewness": [0.1, 0.2], "tailweight": [1.0, 1.5]}
    return BijectorFlow("SinhArcsinh", given, learned=["tailweight"])


def test_conformance():
    check_layer(
        BijectorFlow,
        {
            "bijector": "Scale",
            "arguments": {"log_scale": [0.1, -0.2]},
            "learned": ["log_scale"],
        },
        (3, 2),
        mask=False,
        half=False,
        jit=False,
        replicas=False,
        output_dtype="float32",
    )


@pytest.mark.parametrize(
    "make, x, weights",
    [
        (lambda: BijectorFlow(triangular), "rows", 2),
        (bent, "pictures", 1),
        (lambda: BijectorFlow("Scale", {"scale": [2.0, 3]}), "pictures", 0),
        pytest.param(real_nvp_layer, "rows", 2, marks=pytest.mark.slow),
        pytest.param(
            lambda: Inverted(BijectorFlow(triangular)),
            "rows",
            2,
            marks=pytest.mark.slow,
        ),
    ],
    ids=["variables", "learned", "fixed", "keras", "inverted"],
)
def test_runs_backwards_and_knows_its_volume(check_flow, make, x, weights):
    layer = make()
    check_flow(layer, x)
    assert len(layer.trainable_weights) == weights


def test_says_what_the_bijector_says_also_after_it_has_changed():
    layer = BijectorFlow(triangular)
    x = ops.convert_to_tensor(X)
    before, _ = layer(x)
    for weight in layer.trainable_weights:
        weight.assign(weight + 0.5)
    z, log_det = layer(x)
    assert np.abs(z - before).max() > 0.1
    expected = layer.made.forward(X)
    np.testing.assert_array_equal(z, expected)
    np.testing.assert_allclose(
        log_det,
        np.tile(layer.made.forward_log_det_jacobian(X, event_ndims=1), 60),
    )
    assert "shift_0" in {weight.name for weight in layer.weights}
    assert len(layer.non_trainable_weights) == 1


def flow(*layers):
    from keras_nn.models import Flow

    model = Flow(FlowChain(layers), (4,))
    model.compile(keras.optimizers.Adam(0.1))
    return model


@pytest.mark.slow
def test_a_flow_trains_it_and_its_file_brings_it_back(tmp_path):
    keras.utils.set_random_seed(0)
    model = flow(BijectorFlow(triangular), real_nvp_layer())
    variables = model.chain.layers[0].made.trainable_variables
    before = [variable.numpy() for variable in variables]
    model.run_eagerly = True  # two steps take less than their tracing
    start = model.evaluate(X, verbose=0)
    model.fit(X, epochs=2, batch_size=60, verbose=0)
    assert model.evaluate(X, verbose=0) < 0.8 * start
    for old, new in zip(before, variables, strict=True):
        assert np.abs(old - new.numpy()).max() > 0.05
    model.save(tmp_path / "a.keras")
    loaded = keras.saving.load_model(tmp_path / "a.keras")
    np.testing.assert_array_equal(loaded(X), model(X))


def test_training_keeps_the_masks_of_an_autoregressive_network(check_flow):
    layer = BijectorFlow(maf)
    layer.build((None, 4))
    weights = layer.trainable_weights
    assert len(weights) == 4
    gradients = [0.1 * ops.ones_like(weight) for weight in weights]
    keras.optimizers.SGD(1.0).apply(gradients, weights)
    check_flow(layer, X[:3], scale=0.0)


@pytest.mark.slow
def test_two_replicas_train_as_one():
    def build():
        model = flow(BijectorFlow(triangular), real_nvp_layer())
        model.optimizer.build(model.trainable_variables)
        return model

    check_replica_step(build, (X[:5],))


def test_knows_shapes_that_change():
    layer = BijectorFlow(
        "Reshape", {"event_shape_out": [2, 2], "event_shape_in": [4]}
    )
    assert layer.compute_output_shape((None, 4)) == ((None, 2, 2), (None,))
    assert layer.compute_input_shape((3, 2, 2)) == (3, 4)
    z, log_det = layer(X)
    assert z.shape == (60, 2, 2) and log_det.shape == (60,)


@pytest.mark.parametrize(
    "given, message",
    [
        (("Inline",), "must be one of"),
        ((object(),), "must be a function that makes"),
        ((triangular, {}, ["shift"]), "`learned` is for a named"),
        (("Shift", {}, ["shift"]), "among the `arguments`"),
        ((lambda: 3,), "must make a `tfp.bijectors.Bijector`"),
        (("Tanh", {"validate_args": True}, ["validate_args"]), "can learn"),
        (("ScaleMatvecDiag", {"scale_diag": [1.0]}), "needs 1 axes"),
        (
            ("Shift", {"shift": np.ones((2, 1), "float32")}),
            "the same for each",
        ),
    ],
)
def test_refuses_what_is_no_bijector_of_a_flow(given, message):
    with pytest.raises(ValueError, match=message):
        BijectorFlow(*given)(np.ones(2, "float32"))


def test_a_file_names_only_what_is_registered():
    with pytest.raises(ValueError, match="register_keras_serializable"):
        BijectorFlow(maf).get_config()
    config = BijectorFlow(triangular).get_config()
    config["bijector"] = {"registered_name": "os>system"}
    with pytest.raises(ValueError, match="must be registered before"):
        BijectorFlow.from_config(config)

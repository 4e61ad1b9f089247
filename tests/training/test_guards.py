import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_nn.training import Model
from keras_nn.training import guards


def classifier(loss, units=3, **options):
    inputs = keras.Input((2,))
    model = Model(inputs, keras.layers.Dense(units)(inputs))
    model.compile("sgd", loss, **options)
    return model


def ranges_of(model, labels=None):
    x = np.zeros((2, 2), "float32")
    y = np.zeros(2) if labels is None else labels
    return guards.expected_ranges(model, (x, y))


@pytest.mark.parametrize(
    "loss",
    [
        "sparse_categorical_crossentropy",
        keras.losses.sparse_categorical_crossentropy,
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    ],
)
def test_class_labels_name_an_output(loss):
    _, labels = ranges_of(classifier(loss))
    assert (labels.low, labels.high, labels.also) == (0, 2, None)


def test_an_ignored_class_is_no_error():
    loss = keras.losses.SparseCategoricalCrossentropy(
        from_logits=True, ignore_class=-1
    )
    labels = np.array([0, -1, 2])
    model = classifier(loss)
    model.fit(np.ones((3, 2), "float32"), labels, verbose=0)
    with pytest.raises(ValueError, match="or equal -1.*Received: -2"):
        model.fit(np.ones((3, 2), "float32"), labels - 1, verbose=0)


def test_binary_labels_lie_between_zero_and_one():
    _, labels = ranges_of(classifier("binary_crossentropy", 1))
    assert (labels.low, labels.high) == (0, 1)


def test_a_regression_has_no_range():
    assert ranges_of(classifier("mse")) == [None, None]


def test_a_loss_may_state_its_own_range():
    class Stars(keras.losses.Loss):
        def label_range(self, output_shape):
            return 1, 5

        def call(self, y_true, y_pred):
            return y_pred

    _, labels = ranges_of(classifier(Stars(name="stars")))
    assert (labels.low, labels.high) == (1, 5)
    assert "stars" in labels.explain()


@pytest.mark.parametrize("jit_compile", [False, True])
@pytest.mark.parametrize("as_batches", [False, True])
def test_ids_lie_inside_the_embedding(jit_compile, as_batches):
    inputs = keras.Input((4,), dtype="int32")
    table = keras.layers.Embedding(5, 2, name="table")
    model = Model(inputs, table(inputs))
    model.compile("sgd", "mse", jit_compile=jit_compile)
    ids = np.zeros((3, 4), "int32")
    ids[1, 2] = 99
    data = ids
    if as_batches:
        data = tf.data.Dataset.from_tensor_slices(ids).batch(3)
    expected = r"ids of input 0 must lie in \[0, 4\].*table.*Received.*99"
    with pytest.raises(ValueError, match=expected):
        model.predict(data, verbose=0)


@pytest.mark.parametrize("jit_compile", [False, True])
@pytest.mark.parametrize("built", [False, True])
def test_a_subclassed_model_is_guarded_too(jit_compile, built):
    class Layered(Model):
        def __init__(self):
            super().__init__()
            self.dense = keras.layers.Dense(3)

        def call(self, x):
            return self.dense(x)

    model = Layered()
    if built:
        model(np.ones((1, 2)))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("sgd", loss, jit_compile=jit_compile)
    with pytest.raises(ValueError, match="model has 3 outputs.*Received: 3"):
        model.fit(np.ones((4, 2)), np.arange(4), verbose=0)
    assert model.fit(np.ones((3, 2)), np.arange(3), verbose=0)


def test_several_outputs_have_their_own_ranges():
    inputs = keras.Input((2,))
    outputs = {
        "kind": keras.layers.Dense(4, name="kind")(inputs),
        "size": keras.layers.Dense(1, name="size")(inputs),
    }
    model = Model(inputs, outputs)
    model.compile(
        "sgd", {"kind": "sparse_categorical_crossentropy", "size": "mse"}
    )
    x = np.ones((3, 2), "float32")
    y = {"kind": np.array([0, 4, 1]), "size": np.ones((3, 1))}
    with pytest.raises(ValueError, match=r"\[0, 3\].*Received: 4 in example 1"):
        model.fit(x, y, verbose=0)


def test_other_errors_pass_through_unchanged():
    with pytest.raises(tf.errors.InvalidArgumentError, match="mine"):
        with guards.translated_errors():
            tf.debugging.Assert(False, ["mine"])


def test_a_guarded_dataset_keeps_its_elements():
    data = tf.data.Dataset.from_tensor_slices(
        ({"a": np.arange(4.0), "b": np.array(list("wxyz"))}, np.arange(4))
    ).batch(2)
    guarded = guards.guard_dataset(data, [None, None, None])
    assert guarded.element_spec == data.element_spec
    assert guarded.cardinality() == data.cardinality() == 2
    for left, right in zip(data, guarded, strict=True):
        tf.nest.map_structure(np.testing.assert_array_equal, left, right)

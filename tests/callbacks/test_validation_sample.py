import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_nn.callbacks.validation_sample import ValidationSample
from keras_nn.data.split import Split
from keras_nn.testing import two_replicas

X = np.random.default_rng(0).normal(size=(20, 6)).astype("float32")
Y = np.arange(20) % 3


def classifier(activation="softmax", units=3):
    model = keras.Sequential(
        [keras.Input((6,)), keras.layers.Dense(units, activation)]
    )
    model.compile("sgd", "sparse_categorical_crossentropy")
    return model


class Counting(keras.Model):
    """Counts how often Python runs through it."""

    def __init__(self):
        super().__init__()
        self.head = keras.layers.Dense(3, activation="softmax")
        self.traces = 0

    def call(self, inputs):
        self.traces += 1
        return self.head(inputs)


class Pairs(keras.utils.PyDataset):
    def __len__(self):
        return 4

    def __getitem__(self, index):
        return X[5 * index : 5 * index + 5], Y[5 * index : 5 * index + 5]


@pytest.mark.parametrize(
    "data",
    [
        (X, Y),
        [X, Y, np.ones(20)],
        tf.data.Dataset.from_tensor_slices((X, Y)).batch(6),
        Pairs(),
        Split(X, Y),
    ],
)
def test_holds_at_most_the_limit_of_anything_fit_takes(data):
    sample = ValidationSample.of(data, limit=7)
    assert len(sample) == 7 and sample.x.shape == (7, 6)
    everything = ValidationSample.of(data)
    np.testing.assert_array_equal(everything.x, X)
    np.testing.assert_array_equal(everything.labels, Y)
    assert ValidationSample.of(sample) is sample


@pytest.mark.parametrize("form", [tuple, lambda pair: Split(*pair)])
def test_draws_from_sorted_arrays_at_random(form):
    data = form((np.arange(1000), np.arange(1000)))
    sample = ValidationSample.of(data, limit=50)
    assert sample.labels.min() < 100 and sample.labels.max() > 900
    np.testing.assert_array_equal(sample.x, sample.labels)


@pytest.mark.parametrize("batch_size", [4, 20, 6, 128])
def test_predictions_equal_those_of_the_model(batch_size):
    model = classifier()
    sample = ValidationSample(X, Y, batch_size=batch_size)
    np.testing.assert_allclose(
        sample.predictions(model), model.predict(X, verbose=0), atol=1e-6
    )


def test_predicts_once_until_the_weights_change_and_traces_once():
    model = Counting()
    model.compile("sgd", "sparse_categorical_crossentropy")
    model(X)
    model.traces = 0
    sample = ValidationSample(X, Y, batch_size=8)
    first = sample.predictions(model)
    assert sample.predictions(model) is first and model.traces == 1

    model.head.kernel.assign_add(np.ones((6, 3)) * [1, 2, 3])
    second = sample.predictions(model)
    assert np.abs(second - first).max() > 0.01
    model.fit(X, Y, verbose=0)
    traces = model.traces
    third = sample.predictions(model)
    assert third is not second and model.traces == traces

    other = classifier()
    np.testing.assert_allclose(
        sample.predictions(other), other.predict(X, verbose=0), atol=1e-6
    )


def test_inference_mode():
    model = keras.Sequential([keras.Input((6,)), keras.layers.Dropout(0.9)])
    np.testing.assert_array_equal(ValidationSample(X).predictions(model), X)


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_half_precision(policy):
    keras.config.set_dtype_policy(policy)
    try:
        model = classifier()
    finally:
        keras.config.set_dtype_policy("float32")
    probabilities = ValidationSample(X, Y).probabilities(model)
    assert probabilities.dtype == "float32"
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-6)


def test_two_replicas():
    with two_replicas().scope():
        model = classifier()
    sample = ValidationSample(X, Y)
    before = sample.predictions(model)
    model.fit(X, Y, batch_size=10, verbose=0)
    after = sample.predictions(model)
    assert np.abs(after - before).max() > 0
    np.testing.assert_allclose(after, model.predict(X, verbose=0), atol=1e-6)


@pytest.mark.parametrize(
    "y", [Y, Y[:, None], np.eye(3)[Y], Y.astype("float32")]
)
def test_labels_of_every_form(y):
    np.testing.assert_array_equal(ValidationSample(X, y).labels, Y)


def test_whether_outputs_are_logits_is_asked_from_the_loss():
    model = classifier(None)
    sample = ValidationSample(X * 9, Y)
    with pytest.raises(ValueError, match="from_logits=True"):
        sample.probabilities(model)
    expected = keras.ops.softmax(model(X * 9))
    model.compile(
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    )
    np.testing.assert_allclose(sample.probabilities(model), expected, atol=1e-6)
    sample = ValidationSample(X * 9, Y, from_logits=True)
    np.testing.assert_allclose(
        sample.probabilities(classifier(None)).sum(axis=1), 1, atol=1e-6
    )


def test_one_output_is_the_second_of_two_classes():
    model = classifier("sigmoid", 1)
    probabilities = ValidationSample(X, Y % 2).probabilities(model)
    np.testing.assert_allclose(
        probabilities[:, 1:], model.predict(X, verbose=0), atol=1e-6
    )


@pytest.mark.parametrize("output", ["label", 0])
def test_names_one_output_of_several(output):
    inputs = {n: keras.Input((s,), name=n) for n, s in [("a", 6), ("b", 2)]}
    both = keras.layers.Concatenate()(list(inputs.values()))
    label = keras.layers.Dense(3, "softmax", name="label")(both)
    size = keras.layers.Dense(1, name="size")(both)
    named = output == "label"
    outputs = {"label": label, "size": size} if named else [label, size]
    model = keras.Model(inputs, outputs)
    x = {"a": X, "b": X[:, :2]}
    y = {"label": Y, "size": X[:, 0]} if named else [Y, X[:, 0]]
    sample = ValidationSample.of((x, y), limit=9, output=output)
    assert sample.probabilities(model).shape == (9, 3)
    assert sample.labels.shape == (9,)
    with pytest.raises(ValueError, match="`output`"):
        ValidationSample(x, y).probabilities(model)
    with pytest.raises(ValueError, match="`output`"):
        _ = ValidationSample(x, y).labels


def test_class_names():
    data = tf.data.Dataset.from_tensor_slices((X, Y)).batch(6)
    data.class_names = ["a", "b", "c"]
    sample = ValidationSample.of(data)
    assert sample.names(3) == ["a", "b", "c"]
    with pytest.raises(ValueError, match="4 classes. Received: 3"):
        sample.names(4)


def test_pictures():
    x = np.zeros((2, 4, 4, 7))
    assert not ValidationSample(x).has_pictures
    sample = ValidationSample(x, images=np.ones((2, 5, 5, 1)))
    assert sample.has_pictures and sample.pictures.shape == (2, 5, 5, 3)
    assert (sample.pictures == 255).all()


def test_rejects_what_is_no_data():
    with pytest.raises(ValueError, match=r"Received: \[19, 20\]"):
        ValidationSample(X, Y[:19])
    with pytest.raises(ValueError, match=r"Received: \[0\]"):
        ValidationSample(X[:0], Y[:0])
    with pytest.raises(ValueError, match="Received: 0 batches"):
        ValidationSample.of(tf.data.Dataset.from_tensor_slices((X, Y)).take(0))
    with pytest.raises(ValueError, match="Received: ndarray"):
        ValidationSample.of(X)
    with pytest.raises(ValueError, match="Received: limit=0"):
        ValidationSample.of((X, Y), limit=0)
    with pytest.raises(ValueError, match="one-hot rows"):
        _ = ValidationSample(X, np.ones((20, 3))).labels

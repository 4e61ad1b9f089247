import keras
import numpy as np
import pytest
from keras import layers

from keras_nn.callbacks.saliency_maps import SaliencyMaps
from keras_nn.callbacks.validation_sample import ValidationSample
from keras_nn.testing import check_callback
from keras_nn.testing import read_events
from keras_nn.testing import two_replicas

RNG = np.random.default_rng(0)
X = RNG.integers(0, 256, (20, 12, 12, 1)).astype("uint8")
Y = np.repeat(np.arange(3), [12, 6, 2])


def convolutional(activation="softmax", units=3):
    model = keras.Sequential(
        [
            layers.Rescaling(1 / 255),
            layers.Conv2D(4, 3, activation="relu"),
            layers.BatchNormalization(),
            layers.GlobalAveragePooling2D(),
            layers.Dense(units, activation),
        ]
    )
    return compiled(model)


def compiled(model):
    loss = keras.losses.SparseCategoricalCrossentropy()
    model.compile("adam", loss)
    return model


def grids(folder):
    events = read_events(folder)["validation"]
    assert set(events) == {"saliency_maps"}
    return {event.step: event.value[0] for event in events["saliency_maps"]}


@pytest.mark.slow
def test_conformance():
    check_callback(
        SaliencyMaps,
        {"sample": (X, Y), "every": 1, "count": 2},
        model=convolutional,
        x=X,
        y=Y,
        epochs=1,
    )


def test_writes_one_row_per_method_and_follows_the_weights(tmp_path):
    model = convolutional()
    methods = ["gradcam", "gradcam++", "scorecam", "layercam"]
    methods += ["saliency", "smoothgrad"]
    callback = SaliencyMaps(tmp_path, (X, Y), every=2, methods=methods, count=3)
    model.fit(X, Y, epochs=3, verbose=0, callbacks=[callback])
    written = grids(tmp_path)
    assert set(written) == {0, 2}
    first, last = written[0], written[2]
    height = 112 + 2 * 15 + 14
    assert first.shape == (30 + 7 * height, 3 * 122 + 10, 3)
    # The pictures stay, the maps do not.
    pictures = slice(30, 30 + 112)
    np.testing.assert_array_equal(first[pictures], last[pictures])
    for row in range(1, 7):
        place = slice(30 + row * height, 30 + row * height + 112)
        assert (first[place] != last[place]).any(axis=-1).mean() > 0.05
        tinted = np.ptp(last[place, 10:122].astype(int), axis=-1)
        assert tinted.max() > 60, f"no colour in row {row}"
    assert np.ptp(last[pictures, 10:122].astype(int), axis=-1).max() == 0


def test_shows_examples_of_every_class(tmp_path):
    callback = SaliencyMaps(tmp_path, (X, Y), count=4)
    assert Y[callback._chosen].tolist() == [0, 1, 2, 0]


@pytest.mark.parametrize("target", ["predicted", "true"])
def test_explains_the_class_it_is_asked_for(tmp_path, target, monkeypatch):
    asked = []
    module = "keras_nn.callbacks.saliency_maps.explain.class_activation"

    def spy(view, inputs, targets, method, output):
        asked.append(targets)
        return np.zeros((len(targets), 12, 12), "float32")

    monkeypatch.setattr(module, spy)
    model = convolutional()
    callback = SaliencyMaps(tmp_path, (X, Y), target=target)
    model.fit(X, Y, verbose=0, callbacks=[callback])
    chosen = callback._chosen
    expected = Y[chosen]
    if target == "predicted":
        expected = model.predict(X, verbose=0).argmax(axis=1)[chosen]
    np.testing.assert_array_equal(asked, [expected, expected])


def test_a_model_without_convolution_gets_saliency_alone(tmp_path):
    model = keras.Sequential([layers.Flatten(), layers.Dense(3, "softmax")])
    callback = SaliencyMaps(tmp_path, (X, Y), count=2)
    compiled(model).fit(X, Y, verbose=0, callbacks=[callback])
    assert grids(tmp_path)[0].shape[0] == 30 + 2 * (112 + 2 * 15 + 14)
    told = SaliencyMaps(tmp_path, (X, Y), count=2, methods=["gradcam"])
    with pytest.raises(ValueError, match="the model has none"):
        model.fit(X, Y, verbose=0, callbacks=[told])


@pytest.mark.slow
@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_half_precision(tmp_path, policy):
    keras.config.set_dtype_policy(policy)
    try:
        model = convolutional()
    finally:
        keras.config.set_dtype_policy("float32")
    callback = SaliencyMaps(tmp_path, (X, Y), count=2)
    model.fit(X, Y, verbose=0, callbacks=[callback])
    assert np.ptp(grids(tmp_path)[0].astype(int), axis=-1).max() > 60


@pytest.mark.slow
def test_two_replicas(tmp_path):
    with two_replicas().scope():
        model = convolutional()
    callback = SaliencyMaps(tmp_path, (X, Y), count=2)
    model.fit(X, Y, batch_size=10, verbose=0, callbacks=[callback])
    assert np.ptp(grids(tmp_path)[0].astype(int), axis=-1).max() > 60


def test_refuses_what_it_cannot_show(tmp_path):
    with pytest.raises(ValueError, match="no pictures"):
        SaliencyMaps(tmp_path, (np.zeros((4, 3)), np.zeros(4)))
    for wrong in ({"methods": ["cam"]}, {"methods": []}, {"count": 0}):
        with pytest.raises(ValueError, match="Received"):
            SaliencyMaps(tmp_path, (X, Y), **wrong)
    with pytest.raises(ValueError, match="Received: 'false'"):
        SaliencyMaps(tmp_path, ValidationSample(X, Y), target="false")

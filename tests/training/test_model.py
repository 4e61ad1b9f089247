import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_nn.training import Model


def classifier(cls=Model, policy="float32", **compile_options):
    inputs = keras.Input((4,))
    x = keras.layers.Dense(8, activation="relu", dtype=policy)(inputs)
    model = cls(inputs, keras.layers.Dense(3, dtype="float32")(x))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    options = {"optimizer": "sgd", "loss": loss, **compile_options}
    model.compile(**options)
    return model


def examples(count=24, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(count, 4)).astype("float32")
    return x, x[:, :3].argmax(-1)


def as_dataset(x, y, batch_size=4):
    return tf.data.Dataset.from_tensor_slices((x, y)).batch(batch_size)


def test_equals_keras_on_one_device():
    x, y = examples()
    weights = []
    for cls in (keras.Model, Model):
        keras.utils.set_random_seed(0)
        model = classifier(cls)
        # The engine shuffles by seed and epoch, Keras does not.
        model.fit(x, y, 5, epochs=3, shuffle=False, verbose=0)
        weights.append(model.get_weights())
    for left, right in zip(*weights, strict=True):
        np.testing.assert_array_equal(left, right)


def test_validation_split_takes_the_tail_as_keras_does():
    x, y = examples()
    losses = []
    for cls in (keras.Model, Model):
        keras.utils.set_random_seed(0)
        model = classifier(cls)
        model.fit(x, y, validation_split=0.25, verbose=0)
        losses.append(model.history.history["val_loss"][0])
    assert losses[0] == losses[1]


@pytest.mark.parametrize("jit_compile", [False, True])
@pytest.mark.parametrize("as_batches", [False, True])
def test_labels_out_of_range_are_named(jit_compile, as_batches):
    x, y = examples()
    y[7] = 9
    model = classifier(jit_compile=jit_compile)
    before = model.get_weights()
    data = (as_dataset(x, y, 8),) if as_batches else (x, y)
    expected = r"labels must lie in \[0, 2\].*3 outputs.*Received.* 9"
    with pytest.raises(ValueError, match=expected):
        model.fit(*data, verbose=0)
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


@pytest.mark.parametrize("as_batches", [False, True])
def test_values_that_are_not_finite_are_named(as_batches):
    x, y = examples()
    x[13, 2] = np.nan
    data = (as_dataset(x, y),) if as_batches else (x, y)
    where = "in batch 3" if as_batches else "nan in example 13"
    with pytest.raises(ValueError, match=f"must be finite.*{where}"):
        classifier(jit_compile=True).fit(*data, verbose=0)


def test_guards_can_be_switched_off():
    x, y = examples()
    x[0, 0] = np.nan
    inputs = keras.Input((4,))  # a ReLU may take NaN for 0
    model = Model(inputs, keras.layers.Dense(1)(inputs))
    model.compile("sgd", "mse")
    model.guards = False
    history = model.fit(x, y, verbose=0)
    assert np.isnan(history.history["loss"][0])


@pytest.mark.filterwarnings("ignore:Your input ran out of data")
def test_a_dataset_that_turns_out_empty_is_refused():
    nothing = as_dataset(*examples()).filter(lambda x, y: False)
    with pytest.raises(ValueError, match="at least one example"):
        classifier().fit(nothing, verbose=0)


class Careful(Model):
    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            # So small that its gradient vanishes in float16 if unscaled.
            loss = self.compute_loss(x, y, self(x, training=True)) * 1e-6
        self.minimize(loss, tape)
        self.track_loss(loss * 1e6)
        return {"loss": self._loss_tracker.result()}


def test_a_float16_step_with_minimize_learns_what_float32_learns():
    losses = {}
    for policy in ("float32", "mixed_float16"):
        keras.utils.set_random_seed(0)
        keras.config.set_dtype_policy(policy)
        optimizer = keras.optimizers.SGD(2e5)
        model = classifier(Careful, policy=policy, optimizer=optimizer)
        keras.config.set_dtype_policy("float32")
        history = model.fit(*examples(), epochs=20, verbose=0)
        losses[policy] = history.history["loss"][-1]
        assert losses[policy] < 0.8 * history.history["loss"][0]
    assert losses["mixed_float16"] == pytest.approx(losses["float32"], abs=0.05)


def test_callbacks_hear_of_a_run_that_fails_once_it_has_begun():
    heard = []

    class Listener(keras.callbacks.Callback):
        def on_train_error(self, error):
            heard.append(error)

    x, y = examples()
    y[-1] = -1
    data = tf.data.Dataset.from_tensor_slices((x, y)).batch(8)
    with pytest.raises(ValueError, match="labels must lie in") as caught:
        classifier().fit(data, verbose=0, callbacks=[Listener()])
    assert heard == [caught.value]
    # What is refused before it begins has opened nothing that must be closed.
    with pytest.raises(ValueError, match="labels must lie in"):
        classifier().fit(x, y, verbose=0, callbacks=[Listener()])
    assert len(heard) == 1


def test_input_wait_is_measured_where_a_callback_asks():
    class Asks(keras.callbacks.Callback):
        measures_input_wait = True

    model = classifier()
    x, y = examples()
    model.fit(x, y, 8, verbose=0, callbacks=[Asks()])
    assert model.input_wait.batches == 3
    assert model.input_wait.examples == 24
    assert 0 < model.input_wait.seconds < 60


def test_a_functional_model_leaves_the_others_as_they_are():
    class Layered(Model):
        def __init__(self):
            super().__init__()
            self.dense = keras.layers.Dense(2)

        def call(self, x):
            return self.dense(x)

    functional = classifier()
    assert functional.inputs[0].shape == (None, 4)
    assert isinstance(functional, Model)
    assert type(functional) is type(classifier())
    assert Layered()(np.ones((3, 4))).shape == (3, 2)
    assert Model.__bases__ == (keras.Model,)


def test_save_and_load_keep_the_compiled_state(tmp_path, recwarn):
    model = classifier(optimizer="adam")
    x, y = examples()
    model.fit(x, y, verbose=0)
    model.save(tmp_path / "m.keras")
    loaded = keras.saving.load_model(tmp_path / "m.keras")
    assert [w for w in recwarn if w.category is UserWarning] == []
    assert type(loaded) is type(model)
    assert int(loaded.optimizer.iterations) == int(model.optimizer.iterations)
    np.testing.assert_allclose(
        loaded.predict(x, verbose=0), model.predict(x, verbose=0)
    )

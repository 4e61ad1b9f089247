import keras
import numpy as np

from keras_nn.training import Model
from keras_nn.training.session import in_turn


class Last(keras.callbacks.Callback):
    comes_last = True

    def prepare_fit(self, session):
        self.was_built = session.model.built
        session.initial_epoch = 1

    def on_epoch_end(self, epoch, logs=None):
        self.seen = list(self.model.history.epoch)


def test_what_comes_last_sees_the_history_and_says_where_to_begin():
    inputs = keras.Input((2,))
    model = Model(inputs, keras.layers.Dense(1)(inputs))
    model.compile("sgd", "mse")
    last = Last()
    x = np.ones((4, 2))
    model.fit(x, x[:, :1], epochs=3, verbose=0, callbacks=[last])
    assert last.seen == [1, 2]
    assert model.fit_session is None


def test_the_order_of_the_others_stays():
    class Other(keras.callbacks.Callback):
        pass

    first, second, last = Other(), Other(), Last()
    ordered = in_turn([last, first, second], Model(), 0, 1, 1).callbacks
    assert ordered[:2] == [first, second] and ordered[-1] is last

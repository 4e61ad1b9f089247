import pytest

from keras_nn.callbacks.instrument import Instrument
from keras_nn.callbacks.last_look import LastLook


class Looks(LastLook, Instrument):
    def __init__(self, log_dir, every):
        super().__init__(log_dir, every or 1)
        self.every = every
        self.looks = []

    def look(self, epoch):
        self.looks.append(epoch)


@pytest.mark.parametrize(
    "every, expected", [(None, [4]), (2, [0, 2, 4]), (3, [0, 3, 4])]
)
def test_the_last_epoch_is_looked_at_once(every, expected, tmp_path):
    looks = Looks(tmp_path, every)
    looks.set_model(None)
    for _ in range(2):  # two `fit` calls
        looks.on_train_begin()
        for epoch in range(5):
            looks.on_epoch_end(epoch)
        looks.on_train_end()
    assert looks.looks == 2 * expected

import time

import numpy as np
import pytest

from keras_nn.data.decoded import cpu_count
from keras_nn.data.decoded import decoded


class Reader:
    shape, dtype = (2,), "float32"

    def __call__(self, path):
        number = int(path)
        time.sleep(0.01 * (number == 0))
        return np.array([number, number**2])


def test_the_files_are_in_order_and_of_the_dtype():
    array = decoded(np.array(["0", "3", "2"]), Reader())
    assert array.dtype == "float32"
    assert array.tolist() == [[0, 0], [3, 9], [2, 4]]


def test_an_error_in_a_thread_is_seen():
    with pytest.raises(ValueError, match="invalid literal.*'x'"):
        decoded(["0", "x"], Reader())


def test_there_is_a_processor():
    assert cpu_count() >= 1

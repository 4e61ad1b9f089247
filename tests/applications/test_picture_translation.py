import numpy as np

from keras_nn.applications.picture_translation import as_sides


def test_sides_are_arrays_or_a_dict_of_both():
    x, y = np.zeros(2), np.ones(2)
    assert as_sides(x, y)[0] is x
    assert as_sides({"inputs": x, "targets": y}, np.zeros(2))[1] is y
    assert as_sides(x)[1] is None

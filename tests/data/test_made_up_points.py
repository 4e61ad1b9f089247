import numpy as np

from keras_nn.data import load


def test_moons_are_two_half_circles():
    splits = load("two-moons")
    x, y = splits.test.x, splits.test.y
    centre = np.where(y[:, None], [1.0, 0.5], [0.0, 0.0])
    radius = np.linalg.norm(x - centre, axis=-1)
    assert abs(radius.mean() - 1) < 0.02 and radius.std() < 0.12
    above = (x - centre)[:, 1] > -0.3
    assert (above == (y == 0))[np.abs((x - centre)[:, 1]) > 0.3].all()
    assert len(splits.train) + len(splits.validation) == 3000


def test_patterns_are_one_digit_of_each_class():
    splits = load("digit-patterns")
    assert splits.train is splits.test and splits.train is splits.validation
    assert splits.train.y.tolist() == list(range(10))
    assert splits.train.x.shape == (10, 8, 8, 1)

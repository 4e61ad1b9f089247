import numpy as np
import pytest

from keras_nn.models import HopfieldNetwork
from keras_nn.models.energy.associative_model import AssociativeModel
from keras_nn.testing import two_replicas


def test_a_subclass_must_say_what_it_does():
    memory = AssociativeModel((2,))
    for method in (memory.store, memory.energy):
        with pytest.raises(TypeError, match="must implement"):
            method(np.ones((1, 2)))
    with pytest.raises(TypeError, match="must implement `update`"):
        memory.update(np.ones((1, 2)), 0)


def test_refuses_replicas_and_noise_that_hides_everything():
    with pytest.raises(ValueError, match=r"`noise` in \[0, 0.5\)"):
        HopfieldNetwork((2,), noise=0.5)
    with two_replicas().scope():
        memory = HopfieldNetwork((2,))
        memory.compile()
    with pytest.raises(ValueError, match="on one device"):
        memory.fit(np.ones((4, 2)), verbose=0)


def test_draws_what_it_falls_to():
    memory = HopfieldNetwork((2, 2))
    memory.store(np.array([[1.0, 1.0, -1.0, -1.0]], "float32"))
    drawn = memory.generate(20, seed=0)
    pattern = np.array([[1, 1], [-1, -1]])
    assert all((abs(d * pattern).sum() == 4) for d in drawn)
    np.testing.assert_array_equal(drawn, memory.generate(20, seed=0))

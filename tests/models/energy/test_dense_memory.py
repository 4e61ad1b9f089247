import keras
import numpy as np
import pytest

from keras_nn.models import DenseMemory

RNG = np.random.default_rng(0)


def test_equals_the_equations_and_lowers_the_energy():
    stored = RNG.normal(size=(5, 6)).astype("float32")
    memory = DenseMemory((6,), 9, beta=3.0, steps=2)
    memory.store(stored)
    cues = RNG.normal(size=(4, 6)).astype("float32")
    states, energies = memory.recall(cues)
    for row, state in enumerate(cues.astype("float64")):
        for step in range(3):
            scores = 0.5 * (stored @ state - (stored**2).sum(1) / 2)
            energy = state @ state / 2 - np.log(np.exp(scores).sum()) / 0.5
            assert energies[row, step] == pytest.approx(energy, abs=1e-3)
            if step < 2:
                weights = np.exp(scores) / np.exp(scores).sum()
                state = weights @ stored
        np.testing.assert_allclose(states[row], state, atol=1e-4)
    assert (np.diff(energies) <= 1e-5).all()


def test_keeps_more_patterns_than_units_and_each_once(tmp_path):
    patterns = RNG.choice([-1.0, 1.0], (100, 50)).astype("float32")
    memory = DenseMemory((50,), 128, beta=50.0)
    memory.compile()
    memory.fit(patterns, verbose=0)
    logs = memory.fit(patterns, verbose=0).history
    assert int(memory.next_place) == 100
    assert logs["recalled"][-1] > 0.97
    memory.save(tmp_path / "a.keras")
    loaded = keras.saving.load_model(tmp_path / "a.keras")
    np.testing.assert_allclose(
        loaded.predict(patterns[:3], verbose=0), patterns[:3], atol=1e-3
    )


def test_a_full_memory_forgets_the_oldest():
    memory = DenseMemory((2,), 2)
    memory.store(np.array([[1, 1], [1, -1], [-1, -1]], "float32"))
    assert np.asarray(memory.stored).tolist() == [[-1, -1], [1, -1]]


def test_refuses_no_room():
    with pytest.raises(ValueError, match="`capacity` and `beta`"):
        DenseMemory((2,), 0)

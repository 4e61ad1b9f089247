import keras
import numpy as np
import pytest

from keras_nn.models import HopfieldNetwork

RNG = np.random.default_rng(0)


def random_patterns(count, units):
    return RNG.choice([-1.0, 1.0], (count, units)).astype("float32")


def naive_storkey(patterns):
    units = patterns.shape[1]
    w = np.zeros((units, units))
    for x in patterns:
        new = w.copy()
        for i in range(units):
            for j in range(units):
                if i != j:
                    h_ij = sum(
                        w[i, k] * x[k] for k in range(units) if k not in (i, j)
                    )
                    h_ji = sum(
                        w[j, k] * x[k] for k in range(units) if k not in (i, j)
                    )
                    change = x[i] * x[j] - x[i] * h_ji - h_ij * x[j]
                    new[i, j] += change / units
        w = new
    return w


def test_kernels_are_those_of_the_rules():
    patterns = random_patterns(3, 8)
    expected = {
        "hebb": patterns.T @ patterns / 8 * (1 - np.eye(8)),
        "storkey": naive_storkey(patterns),
        "pseudo_inverse": patterns.T @ np.linalg.pinv(patterns.T),
    }
    for rule, kernel in expected.items():
        memory = HopfieldNetwork((8,), rule)
        memory.store(patterns)
        np.testing.assert_allclose(memory.kernel, kernel, atol=1e-5)


def test_energy_is_the_double_sum_and_never_rises_one_by_one():
    memory = HopfieldNetwork((20,), "hebb", steps=6)
    memory.store(random_patterns(4, 20))
    cues = random_patterns(5, 20)
    states, energies = memory.recall(cues)
    w = np.asarray(memory.kernel)
    for row, (cue, state) in enumerate(zip(cues, states, strict=True)):
        assert energies[row, 0] == pytest.approx(-0.5 * cue @ w @ cue, abs=1e-4)
        assert energies[row, -1] == pytest.approx(
            -0.5 * state @ w @ state, abs=1e-4
        )
        signs = np.where(w @ state >= 0, 1, -1)
        stays = np.abs(w @ state) < 1e-5
        assert ((signs == state) | stays).all()  # a fixed point
    assert (np.diff(energies) <= 1e-5).all()


def test_all_at_once_may_run_in_circles_where_one_by_one_rests():
    pattern = np.array([[1.0, 1.0]], "float32")
    cue = np.array([[1.0, -1.0]], "float32")
    together = HopfieldNetwork((2,), "hebb", synchronous=True, steps=3)
    together.store(pattern)
    np.testing.assert_array_equal(together.recall(cue)[0], -cue)
    np.testing.assert_array_equal(together.recall(cue, 4)[0], cue)
    alone = HopfieldNetwork((2,), "hebb")
    alone.store(pattern)
    assert abs(alone.recall(cue)[0].sum()) == 2


def wrong_units(load, units=400, seeds=2):
    found = []
    for _ in range(seeds):
        patterns = random_patterns(round(load * units), units)
        memory = HopfieldNetwork((units,), "hebb", synchronous=True, steps=30)
        memory.store(patterns)
        states, _ = memory.recall(patterns)
        found.append((states != patterns).mean())
    return np.mean(found)


def test_hebbs_rule_keeps_0_138_patterns_a_unit():
    assert wrong_units(0.11) < 0.01
    assert wrong_units(0.17) > 0.08  # beyond, most is lost at once


def test_fit_stores_alike_pictures_and_a_file_keeps_them(tmp_path):
    pictures = random_patterns(1, 36) * np.ones((6, 1), "float32")
    for row in range(6):  # alike: two pixels differ from one to another
        pictures[row, row] *= -1
    pictures = pictures.reshape(6, 6, 6, 1)
    memory = HopfieldNetwork((6, 6, 1), noise=0.0)
    memory.compile()
    logs = memory.fit(pictures, batch_size=4, verbose=0).history
    assert logs["recalled"][-1] == 1 and logs["loss"][-1] == 0
    assert float(memory.stored_count) == 6
    before = np.asarray(memory.kernel)
    memory.fit(pictures, verbose=0)
    np.testing.assert_allclose(memory.kernel, before, atol=1e-4)
    memory.save(tmp_path / "a.keras")
    loaded = keras.saving.load_model(tmp_path / "a.keras")
    np.testing.assert_array_equal(loaded.predict(pictures, verbose=0), pictures)
    assert loaded.evaluate(pictures, verbose=0)[0] == 0


def test_refuses_an_unknown_rule():
    with pytest.raises(ValueError, match="`rule` must be one of"):
        HopfieldNetwork((2,), rule="oja")

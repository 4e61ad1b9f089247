import numpy as np
import pytest

from keras_nn.models import DBM
from keras_nn.models import RBM
from keras_nn.models import BoltzmannMachine
from keras_nn.models.energy.annealed_importance import AnnealedPartition


def test_without_interactions_nothing_is_left_to_estimate():
    model = RBM((3,), 2)
    model.kernel.assign(np.zeros((3, 2)))
    model.visible_bias.assign([1.0, -2.0, 0.5])
    log_z, low, high = model.log_partition(chains=2, temperatures=1)
    expected = np.log1p(np.exp([1.0, -2.0, 0.5])).sum() + 2 * np.log(2)
    np.testing.assert_allclose([log_z, low, high], expected, rtol=1e-5)


def test_refuses_a_single_chain():
    with pytest.raises(ValueError, match="`chains` must be 2 at least"):
        RBM((3,), 2).log_partition(chains=1)


def test_a_deep_machine_of_ten_units(all_states, shaken):
    model = shaken(DBM((4,), (3, 3)), 0.8)
    v, h, g = np.split(all_states(10), [4, 7], axis=1)
    energy = np.asarray(model.energy(v, h, g), "float64")
    exact = np.log(np.exp(-energy).sum())
    # Its middle layer alone, the others summed out.
    middle = np.asarray(model.annealed_energy(all_states(3), 1.0), "float64")
    assert np.log(np.exp(-middle).sum()) == pytest.approx(exact, abs=1e-5)
    log_z, low, high = model.log_partition(200, 300)
    assert low <= exact <= high and abs(log_z - exact) < 0.02
    start = model.annealing_start(2, np.random.default_rng(0))[1]
    cold = np.asarray(model.annealed_energy(all_states(3), 0.0), "float64")
    assert np.log(np.exp(-cold).sum()) == pytest.approx(start, abs=1e-5)


def test_a_machine_of_ten_units_all_connected(all_states, shaken):
    model = shaken(BoltzmannMachine(7, 3), 0.8)
    energy = np.asarray(model.energy(all_states(10)), "float64")
    exact = np.log(np.exp(-energy).sum())
    log_z, low, high = model.log_partition(200, 100)
    assert low <= exact <= high and abs(log_z - exact) < 0.05


def test_a_machine_says_how_it_is_annealed():
    with pytest.raises(NotImplementedError, match="`annealing_start`"):
        AnnealedPartition().log_partition()

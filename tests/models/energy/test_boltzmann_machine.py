import keras
import numpy as np
import pytest

from keras_nn.models import BoltzmannMachine


def test_states_are_drawn_as_their_energies_say(all_states, shaken):
    model = shaken(BoltzmannMachine(3, 1), 1.0)
    states = all_states(4)
    energy = np.asarray(model.energy(states), "float64")
    w = np.triu(np.asarray(model.kernel), 1)
    b = np.asarray(model.bias)
    naive = [-(s @ w @ s + b @ s) for s in states.astype("float64")]
    np.testing.assert_allclose(energy, naive, atol=1e-5)
    p = np.exp(-energy)
    p /= p.sum()
    start = np.random.default_rng(0).integers(0, 2, (5000, 4))
    seed = keras.random.SeedGenerator(0)
    found = model.sampled(start.astype("float32"), 0, 30, seed)
    np.testing.assert_allclose(np.asarray(found).mean(0), p @ states, atol=0.03)
    kept = model.sampled(start.astype("float32"), 3, 5, seed)
    np.testing.assert_array_equal(np.asarray(kept)[:, :3], start[:, :3])


@pytest.mark.slow
def test_learns_the_correlation_of_units(tmp_path):
    keras.utils.set_random_seed(0)
    x = np.array([[1, 1, 0], [0, 0, 1]] * 60, "float32")
    model = BoltzmannMachine(3, chains=60)
    model.compile(keras.optimizers.Adam(0.05))
    logs = model.fit(x, batch_size=60, epochs=40, verbose=0).history
    assert logs["loss"][-1] < 0.6 * logs["loss"][0]
    w = np.asarray(model.interactions)
    assert w[0, 1] > 0.5 > -0.5 > w[0, 2]
    model.save(tmp_path / "a.keras")
    loaded = keras.saving.load_model(tmp_path / "a.keras")
    np.testing.assert_allclose(loaded(x[:2]), model(x[:2]), atol=1e-6)


def test_refuses_no_unit():
    with pytest.raises(ValueError, match="must be positive"):
        BoltzmannMachine(0)

"""Machines of chains and of Langevin steps learn in float16, too."""

import keras
import numpy as np
import pytest

from keras_nn.models import DBM
from keras_nn.models import DBN
from keras_nn.models import RBM
from keras_nn.models import BoltzmannMachine
from keras_nn.models import EnergyModel
from keras_nn.testing.precision import global_policy

PATTERNS = np.array([[1, 1, 0, 0], [0, 0, 1, 1]] * 50, "float32")
MACHINES = {
    "rbm": lambda: RBM((4,), 6, steps=2),
    "gaussian_rbm": lambda: RBM((4,), 6, "gaussian", steps=2),
    "dbn": lambda: DBN([RBM((4,), 6, name="a"), RBM((6,), 3, name="b")], 80),
    "dbm": lambda: DBM((4,), (6, 3), mean_field_steps=5, steps=2, chains=50),
    "boltzmann_machine": lambda: BoltzmannMachine(4, chains=50),
}


def assert_learnt_in_half(model, moved):
    optimizer = model.optimizer
    assert isinstance(optimizer, keras.optimizers.LossScaleOptimizer)
    assert int(optimizer.inner_optimizer.iterations) > 0  # not all skipped
    assert model.compute_dtype == "float16" and moved > 1e-3
    assert all(np.isfinite(w).all() for w in model.get_weights())


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(MACHINES))
def test_machines_learn_two_patterns(name):
    keras.utils.set_random_seed(0)
    with global_policy("mixed_float16"):
        model = MACHINES[name]()
        model.compile(keras.optimizers.Adam(0.03))
    gaussian = name == "gaussian_rbm"  # whose deviation is 1
    x = 4 * PATTERNS - 2 if gaussian else PATTERNS
    before = model.get_weights()
    logs = model.fit(x, batch_size=50, epochs=80, verbose=0).history
    moved = [
        np.abs(a - b).max()
        for a, b in zip(model.get_weights(), before, strict=True)
    ]
    assert_learnt_in_half(model, max(moved))
    assert logs["loss"][-1] < 0.8 * logs["loss"][0]
    assert np.isfinite(np.asarray(model(x[:3]), "float32")).all()
    if hasattr(model, "generate"):
        drawn = model.generate(100, steps=30, seed=0)
        assert drawn.dtype == "float32"
        on = drawn > x.mean()
        found = (on[:, None] == (PATTERNS[:2] > 0)).all(-1)
        assert found.any(1).mean() > 0.5


@pytest.mark.slow
def test_energies_are_low_where_the_data_are():
    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    x = rng.normal([1.5, -1], 0.3, (600, 2)).clip(-3, 3).astype("float32")
    with global_policy("mixed_float16"):
        network = keras.Sequential(
            [
                keras.Input((2,)),
                keras.layers.Dense(32, "silu", name="first"),
                keras.layers.Dense(32, "silu", name="second"),
                keras.layers.Dense(1, name="says"),
            ]
        )
        model = EnergyModel(
            network,
            step_size=0.02,
            noise=0.2,
            clip=10.0,
            buffer_size=200,
            value_range=(-3, 3),
        )
        model.compile(keras.optimizers.Adam(3e-3))
    assert network.layers[0].compute_dtype == "float16"
    before = model.get_weights()
    model.fit(x, batch_size=50, epochs=15, verbose=0)
    assert_learnt_in_half(
        model, np.abs(model.get_weights()[0] - before[0]).max()
    )
    drawn = model.generate(200, seed=0)
    np.testing.assert_allclose(np.median(drawn, 0), [1.5, -1], atol=0.4)

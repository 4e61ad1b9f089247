from pathlib import Path

import keras
import numpy as np
import pytest

from keras_nn.models import ConsistencyModel
from keras_nn.models import DenoisingMLP
from keras_nn.testing import check_model

SMALL = {"units": 32, "depth": 1, "embedding_units": 8}
MEAN, DEVIATION = 0.3, 0.4
GOLDEN = Path(__file__).parents[2] / "parity" / "diffusers_edm.npz"


def arguments(**kwargs):
    denoiser = DenoisingMLP(
        (2,), num_classes=kwargs.get("num_classes"), **SMALL
    )
    given = {"denoiser": denoiser, "levels": (4, 16), "total_steps": 20}
    return {**given, **kwargs}


def test_conformance():
    x = np.random.default_rng(0).uniform(-1, 1, (6, 2)).astype("float32")
    check_model(
        ConsistencyModel,
        arguments,
        x,
        compile_kwargs={},
        replicas=False,
        epochs=40,
        jit=False,
    )


def test_a_picture_of_the_lowest_level_is_its_own_end():
    model = ConsistencyModel(**arguments())
    random = np.random.default_rng(0)
    for weight in model.denoiser.weights:
        weight.assign(random.normal(size=weight.shape))
    noisy = random.normal(size=(3, 2)).astype("float32")
    for averaged in (False, True):
        for ratio, same in ((0.002, True), (1.0, False)):
            ratios = np.full(3, ratio, "float32")
            found = model.consistent(noisy, ratios, averaged=averaged)
            assert (np.abs(np.array(found) - noisy).max() < 1e-4) == same


@pytest.mark.slow
def test_learns_without_a_teacher_and_by_class(tmp_path):
    keras.utils.set_random_seed(0)
    labels = np.arange(512) % 2
    data = np.where(labels, 0.6, -0.6)[:, None] * np.ones((1, 2))
    model = ConsistencyModel(
        **arguments(levels=(3, 6), total_steps=100, num_classes=2, momentum=0.5)
    )
    rate = keras.optimizers.schedules.CosineDecay(5e-3, 600)
    model.compile(keras.optimizers.Adam(rate))
    model.fit(data, labels, batch_size=128, epochs=150, verbose=0)
    asked = np.arange(100) % 2
    for steps in (1, 2):
        drawn = model.generate(100, asked, steps=steps, seed=0)
        wrong = drawn.mean(axis=1) - np.where(asked, 0.6, -0.6)
        assert np.abs(wrong).mean() < 0.25  # 0.6 for a new one
    # The average follows, and is saved.
    lag = max(np.abs(lag.numpy()).max() for lag in model.lags)
    assert 0 < lag < 0.2
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    for one, other in zip(loaded.average(), model.average(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_refuses_what_does_not_fit():
    with pytest.raises(ValueError, match="`levels` must be at least 2"):
        ConsistencyModel(**arguments(levels=1))
    with pytest.raises(ValueError, match="`distance` must be one of"):
        ConsistencyModel(**arguments(distance="l1"))
    with pytest.raises(ValueError, match=r"`momentum` must be in \[0, 1\)"):
        ConsistencyModel(**arguments(momentum=1.0))
    model = ConsistencyModel(**arguments(clip=1.0))
    model.compile("adam")
    with pytest.raises(ValueError, match="from -1 to 1. Received.*255"):
        model.fit(np.full((4, 2), 255), verbose=0)

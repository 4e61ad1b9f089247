import numpy as np
import pytest

from keras_nn.models import DiT
from keras_nn.testing import check_model

SMALL = {"input_shape": (4, 6, 2), "depth": 1, "width": 8, "num_heads": 2}


def inputs(count=3, **more):
    random = np.random.default_rng(0)
    noisy = random.normal(size=(count, 4, 6, 2)).astype("float32")
    times = np.linspace(10, 900, count, dtype="float32")
    return {"noisy": noisy, "times": times, **more}


def awake(model):
    """`model` with random weights in all that begins at zero."""
    random = np.random.default_rng(1)
    for weight in model.weights:
        weight.assign(0.3 * random.normal(size=weight.shape))
    return model


@pytest.mark.slow
def test_conformance():
    check_model(DiT, SMALL, inputs(), fit=False)


def test_begins_with_saying_nothing():
    assert not np.any(DiT(**SMALL)(inputs()))


def test_is_told_time_and_class():
    model = awake(DiT(**SMALL, num_classes=2))
    known = inputs(2, labels=np.array([0, 1]))
    said = np.array(model(known))
    later = {**known, "times": known["times"] + np.array([0, 50], "float32")}
    same, other = np.abs(np.array(model(later)) - said).max(axis=(1, 2, 3))
    assert same < 1e-5 < 1e-4 < other
    asked = {**known, "labels": np.array([0, 2])}  # 2 is any class
    same, other = np.abs(np.array(model(asked)) - said).max(axis=(1, 2, 3))
    assert same < 1e-5 < 1e-4 < other


def test_a_patch_comes_back_to_its_place():
    """Without blocks, a pixel is made of its own patch alone."""
    model = awake(DiT(**{**SMALL, "depth": 0}))
    known = inputs(1)
    changed = {**known, "noisy": known["noisy"].copy()}
    changed["noisy"][0, 2:4, 4:6] += 1.0
    moved = np.abs(np.array(model(changed)) - np.array(model(known)))[0]
    assert moved[2:4, 4:6].min() > 1e-5
    moved[2:4, 4:6] = 0
    assert moved.max() < 1e-6


def test_sizes_of_the_paper():
    # 32.96 million for DiT-S/2 on 32x32x4 codes, with the learned variance's
    # further 4 * 2 * 2 outputs and its own table of positions, untrained here.
    model = DiT.from_preset("dit_s", input_shape=(32, 32, 4), num_classes=1000)
    variance = 385 * 16
    assert model.count_params() + variance == pytest.approx(32.96e6, rel=2e-2)


def test_refuses_patches_that_do_not_fit():
    with pytest.raises(ValueError, match="must divide.*patch_size=4"):
        DiT((4, 6, 2), patch_size=4)

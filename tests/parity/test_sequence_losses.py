"""CRF and CTC against what pytorch-crf and torch computed."""

from pathlib import Path

import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.layers import CRF
from keras_nn.losses import CRFLoss
from keras_nn.losses import crf_loss
from keras_nn.ops import best_path
from keras_nn.testing.backend import gradients


@pytest.fixture(scope="module")
def numbers():
    with np.load(Path(__file__).parent / "sequence_losses.npz") as file:
        return dict(file)


@pytest.fixture
def chain(numbers):
    layer = CRF()
    layer.build(numbers["crf/emissions"].shape)
    names = ("transitions", "start", "end")
    layer.set_weights([numbers[f"crf/{name}"] for name in names])
    return layer


def test_likelihoods_and_paths_are_those_of_pytorch_crf(numbers, chain):
    mask = numbers["crf/mask"]
    labels = np.where(mask, numbers["crf/tags"], -1)
    scores = chain(numbers["crf/emissions"], mask=mask)
    losses = crf_loss(labels, scores)
    np.testing.assert_allclose(losses, numbers["crf/losses"], rtol=1e-5)
    paths = ops.convert_to_numpy(best_path(scores))
    assert (paths[mask] == numbers["crf/paths"][mask]).all()


def test_gradients_are_those_of_pytorch_crf(numbers, chain):
    mask = numbers["crf/mask"]
    labels = np.where(mask, numbers["crf/tags"], -1)
    emissions = keras.Variable(numbers["crf/emissions"])
    variables = [emissions, chain.transitions]

    def loss():
        scores = chain(emissions.value, mask=mask)
        return CRFLoss()(labels, scores), ()

    _, _, found = gradients(loss, variables)
    for name, one in zip(
        ("gradient", "transition_gradient"), found, strict=True
    ):
        np.testing.assert_allclose(one, numbers[f"crf/{name}"], atol=1e-5)


def test_keras_ctc_is_torchs(numbers):
    logits = keras.Variable(numbers["ctc/logits"])

    def loss():
        each = keras.losses.CTC(reduction=None)(
            numbers["ctc/labels"], logits.value
        )
        return ops.mean(each), each

    _, losses, (gradient,) = gradients(loss, [logits])
    np.testing.assert_allclose(losses, numbers["ctc/losses"], rtol=1e-5)
    np.testing.assert_allclose(gradient, numbers["ctc/gradient"], atol=1e-5)

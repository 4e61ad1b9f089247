import numpy as np
import pytest
from keras import ops

from keras_nn.models import GCN
from keras_nn.models import VGAE
from keras_nn.testing import check_model
from keras_nn.testing.numbers import assert_close


def encoder(units=4):
    return GCN(3, units, units=[8], dropout=0.0, classifier_activation=None)


def test_conformance(two_packs):
    x, y = two_packs
    check_model(
        VGAE,
        lambda: {"encoder": encoder(), "beta": 0.5},
        x,
        y,
        compile_kwargs={},
        epochs=20,
        jit=False,
        half=False,  # as of GAE
        replicas=False,  # codes are drawn
    )


def test_the_divergence_is_pygs(recorded):
    model = VGAE(encoder(8))
    given = recorded["mean"][None], recorded["deviation"][None]
    kl = model._divergence({}, *map(ops.convert_to_tensor, given))
    assert_close(kl, recorded["vgae/loss"], "the divergence of VGAE")


def test_codes_are_drawn_in_training_alone(two_packs):
    x, _ = two_packs
    x = {key: value for key, value in x.items() if key != "link_index"}
    model = VGAE(encoder())
    mean = np.asarray(model.encoder(x))[..., :2]
    np.testing.assert_array_equal(model(x), mean)
    assert np.abs(np.asarray(model(x, training=True)) - mean).max() > 0.1


def test_refuses_an_odd_number_of_features():
    with pytest.raises(ValueError, match="Received: 5"):
        VGAE(encoder(5))

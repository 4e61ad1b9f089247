import numpy as np
import pytest

from keras_nn.models import GAE
from keras_nn.models import GCN
from keras_nn.models.graph.link_network import LinkNetwork
from keras_nn.models.graph.link_network import reconstruction
from keras_nn.testing.numbers import assert_close


def test_the_loss_is_pygs(recorded):
    codes = recorded["codes"]
    links = np.concatenate([recorded["links/there"], recorded["links/drawn"]])
    logits = (codes[links[:, 0]] * codes[links[:, 1]]).sum(-1)[None]
    y = np.repeat([[1.0, 0.0]], 6, axis=1).astype("float32")
    loss = reconstruction(y, logits, np.ones_like(logits))
    assert_close(loss[0], recorded["gae/loss"], "the loss of GAE")


def test_links_without_weight_do_not_count():
    logits = np.array([[1.0, 2.0, -1.0, 50.0]], "float32")
    y = np.array([[1.0, 0.0, 0.0, 0.0]], "float32")
    some = reconstruction(y, logits, np.array([[1.0, 1, 1, 0]], "float32"))
    expected = np.log1p(np.exp(-1))
    expected += np.mean(np.log1p(np.exp([2, -1])))
    np.testing.assert_allclose(some, [expected], rtol=1e-6)


def test_refuses_links_without_labels(two_packs):
    model = GAE(GCN(3, 4, classifier_activation=None))
    model.compile("sgd")
    with pytest.raises(ValueError, match="Received: y=None"):
        model.fit(two_packs[0], verbose=0)


@pytest.mark.parametrize("method", ["encode", "link_loss"])
def test_refuses_a_model_without_its_methods(method):
    with pytest.raises(TypeError, match=f"must implement `{method}`"):
        getattr(LinkNetwork(), method)(*[None] * (3 if "l" in method[0] else 1))

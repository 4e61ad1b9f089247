import numpy as np
import pytest

from keras_nn import losses
from keras_nn.models.autoencoder.likelihoods import LIKELIHOODS
from keras_nn.models.autoencoder.likelihoods import likelihood_of


@pytest.mark.parametrize("name", sorted(LIKELIHOODS))
def test_a_name_stands_for_a_loss(name):
    assert isinstance(likelihood_of(name), losses.ValueNLL)


def test_a_gaussian_by_name_has_unit_deviation():
    one, zero = np.ones((1, 1), "float32"), np.zeros((1, 1), "float32")
    expected = 0.5 * (1 + np.log(2 * np.pi))
    assert float(likelihood_of("gaussian").call(one, zero)[0]) == (
        pytest.approx(expected, rel=1e-5)
    )


def test_an_object_is_taken_as_it_is_and_other_names_are_refused():
    loss = losses.GaussianNLL()
    assert likelihood_of(loss) is loss
    with pytest.raises(ValueError, match="must be one of.*'poisson'"):
        likelihood_of("poisson")

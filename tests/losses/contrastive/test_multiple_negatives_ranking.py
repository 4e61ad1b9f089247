import numpy as np
import pytest

from keras_nn.losses import MultipleNegativesRanking
from keras_nn.losses import multiple_negatives_ranking
from keras_nn.testing import check_loss


def test_conformance():
    check_loss(MultipleNegativesRanking, {}, (5, 4), (5, 4), per_example=False)
    arguments = {"temperature": 0.5, "symmetric": True}
    check_loss(
        MultipleNegativesRanking,
        arguments,
        (5, 4),
        (5, 4),
        per_example=False,
        jit=False,
        half=False,
    )


def naive(partners, examples, temperature, symmetric):
    def cosine(a, b):
        return a @ b / np.linalg.norm(a) / np.linalg.norm(b)

    def nats(rows, columns, i):
        scores = np.array([cosine(rows[i], c) for c in columns]) / temperature
        return np.log(np.exp(scores).sum()) - scores[i]

    found = []
    for i in range(len(examples)):
        one = nats(examples, partners, i)
        if symmetric:
            one = (one + nats(partners, examples, i)) / 2
        found.append(one)
    return found


@pytest.mark.parametrize("symmetric", [False, True])
def test_equals_the_formula(symmetric):
    generator = np.random.default_rng(0)
    partners, examples = generator.normal(size=(2, 6, 3))
    np.testing.assert_allclose(
        multiple_negatives_ranking(partners, examples, 0.3, symmetric),
        naive(partners, examples, 0.3, symmetric),
        rtol=1e-4,
    )


def test_what_it_means():
    far_apart = np.eye(4)
    assert float(MultipleNegativesRanking()(far_apart, far_apart)) < 1e-6
    alike = np.ones((4, 3))  # no partner can be told from another
    loss = float(MultipleNegativesRanking()(alike, alike))
    assert loss == pytest.approx(np.log(4), rel=1e-5)


def test_refuses_a_temperature_of_zero():
    with pytest.raises(ValueError, match="Received: temperature=0"):
        MultipleNegativesRanking(temperature=0)

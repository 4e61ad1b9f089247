import numpy as np
import pytest

from keras_nn.metrics import retrieval_ranks
from keras_nn.metrics import retrieval_scores


def naive(queries, documents):
    def cosine(a, b):
        return a @ b / np.linalg.norm(a) / np.linalg.norm(b)

    return [
        sum(
            cosine(query, other) > cosine(query, documents[i])
            for j, other in enumerate(documents)
            if j != i
        )
        for i, query in enumerate(queries)
    ]


def test_equals_loops():
    queries, documents = np.random.default_rng(0).normal(size=(2, 40, 4))
    ranks = naive(queries, documents)
    assert retrieval_ranks(queries, documents).tolist() == ranks
    scores = retrieval_scores(queries, documents, tops=(1, 5))
    assert scores["recall_at_5"] == np.mean([rank < 5 for rank in ranks])
    assert scores["mrr"] == pytest.approx(np.mean([1 / (1 + r) for r in ranks]))


def test_ties_count_against_the_query():
    assert retrieval_ranks(np.ones((3, 2)), np.ones((3, 2))).tolist() == [2] * 3
    with pytest.raises(ValueError, match="Received"):
        retrieval_scores(np.eye(2), np.eye(3))

import numpy as np

from keras_nn.metrics.sequence.error_rates import check_pairs


def retrieval_ranks(queries, documents):
    """How many documents are nearer to a query than its own: from 0.

    Nearness is the cosine. Of documents that are equally near, the query's
    own counts as the last.

    Args:
        queries: float array `(n, features)`.
        documents: float array `(n, features)`, entry `i` the one of query `i`.

    Returns:
        An int array `(n,)`.

    Raises:
        ValueError: if there are not as many of one as of the other.

    Example:

    >>> retrieval_ranks(np.eye(2), np.array([[1.0, 0.0], [1.0, 0.0]])).tolist()
    [1, 1]
    """
    check_pairs(queries, documents)
    queries, documents = _unit(queries), _unit(documents)
    ranks = []
    for first in range(0, len(queries), 1024):
        some = queries[first : first + 1024]
        scores = some @ documents.T
        own = np.take_along_axis(
            scores, first + np.arange(len(some))[:, None], axis=1
        )
        ranks.append(np.sum(scores >= own, axis=1) - 1)
    return np.concatenate(ranks)


def retrieval_scores(queries, documents, tops=(1, 10)):
    """Recall among the first `k`, and the mean reciprocal rank.

    `recall@k = mean [rank < k]`, `MRR = mean 1 / (1 + rank)`, with the ranks
    of `retrieval_ranks`

    Args:
        queries: float array `(n, features)`.
        documents: float array `(n, features)`, entry `i` the one of query `i`.
        tops: sequence of int. The `k`. Defaults to `(1, 10)`.

    Returns:
        A dict of `"recall_at_<k>"` and `"mrr"` to float, 0 to 1.

    Raises:
        ValueError: if there are not as many of one as of the other.

    Example:

    >>> retrieval_scores(np.eye(3), np.eye(3)[[0, 2, 1]], tops=(1, 3))
    {'recall_at_1': 0.3333333333333333, 'recall_at_3': 1.0, 'mrr': 0.5555...

    Reference:
        [Voorhees, 1999](https://trec.nist.gov/pubs/trec8/papers/qa_report.pdf)
    """
    ranks = retrieval_ranks(queries, documents)
    found = {f"recall_at_{k}": float(np.mean(ranks < k)) for k in tops}
    return {**found, "mrr": float(np.mean(1 / (1 + ranks)))}


def _unit(vectors):
    vectors = np.asarray(vectors, "float64")
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return vectors / np.maximum(lengths, 1e-12)

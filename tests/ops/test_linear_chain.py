import itertools

import keras
import numpy as np
import pytest
from keras import ops

from keras_nn.ops import best_path
from keras_nn.ops import log_partition
from keras_nn.ops import pair_marginals
from keras_nn.ops import pass_over
from keras_nn.ops import path_score
from keras_nn.testing.backend import gradients


def chain(length, tags=3, batch=2):
    generator = np.random.default_rng(length)
    shape = (batch, length, tags, tags)
    return generator.normal(size=shape).astype("float32")


def score(scores, path):
    before = (0, *path[:-1])
    places = zip(scores, before, path, strict=True)
    return sum(pairs[i, j] for pairs, i, j in places)


def every_path(scores):
    length, tags = scores.shape[:2]
    return [
        (score(scores, path), path)
        for path in itertools.product(range(tags), repeat=length)
    ]


@pytest.mark.parametrize("length", [1, 2, 5])
def test_equals_the_sum_and_the_best_over_every_path(length):
    scores = chain(length)
    total = ops.convert_to_numpy(log_partition(scores))
    best = ops.convert_to_numpy(best_path(scores))
    own = ops.convert_to_numpy(path_score(scores, best))
    for index, one in enumerate(scores):
        found = every_path(one)
        expected = np.log(sum(np.exp(value) for value, _ in found))
        np.testing.assert_allclose(total[index], expected, rtol=1e-5)
        value, path = max(found)
        assert tuple(best[index]) == path
        np.testing.assert_allclose(own[index], value, rtol=1e-5)


def test_probabilities_of_pairs_are_shares_of_all_paths():
    scores = chain(4, batch=1)
    pairs = ops.convert_to_numpy(pair_marginals(scores))[0]
    found = every_path(scores[0])
    total = sum(np.exp(value) for value, _ in found)
    expected = np.zeros_like(pairs)
    for value, path in found:
        for place, (i, j) in enumerate(zip((0, *path[:-1]), path, strict=True)):
            expected[place, i, j] += np.exp(value) / total
    np.testing.assert_allclose(pairs, expected, atol=1e-5)


def test_the_gradient_of_the_sum_is_the_probability_of_the_pair():
    scores = chain(4)
    variable = keras.Variable(scores)
    _, _, (found,) = gradients(
        lambda: (ops.sum(log_partition(variable.value)), ()), [variable]
    )
    np.testing.assert_allclose(found, pair_marginals(scores), atol=1e-6)


@pytest.mark.skipif(
    keras.config.backend() != "tensorflow", reason="shapes are always known"
)
def test_the_length_need_not_be_known():
    import tensorflow as tf

    spec = tf.TensorSpec((None, None, 3, 3))
    for function in (best_path, log_partition, pair_marginals):
        traced = tf.function(function, input_signature=[spec])
        scores = chain(4)
        np.testing.assert_allclose(traced(scores), function(scores), rtol=1e-5)


def test_places_that_are_not_there_change_nothing():
    scores = chain(6)
    there = np.array([[1, 1, 1, 0, 0, 0], [1] * 6], bool)
    passed = pass_over(ops.convert_to_tensor(scores), there)
    short = scores[:1, :3]
    np.testing.assert_allclose(
        log_partition(passed)[:1], log_partition(short), rtol=1e-5
    )
    best = ops.convert_to_numpy(best_path(passed))[0].tolist()
    expected = ops.convert_to_numpy(best_path(short))[0].tolist()
    assert best == expected + 3 * expected[-1:]
    pairs = ops.convert_to_numpy(pair_marginals(passed))[0]
    np.testing.assert_allclose(pairs[:3], pair_marginals(short)[0], atol=1e-5)

import numpy as np
import pytest

from keras_nn.data import TokenPairBatches
from keras_nn.data.text.token_pair_batches import bucket_lengths


def pairs(count=200):
    generator = np.random.default_rng(0)
    sizes = generator.integers(1, 14, (2, count))
    return [[generator.integers(4, 50, n).tolist() for n in s] for s in sizes]


def read(batches, epoch=0, batch=0):
    return list(batches.at(epoch, batch).as_numpy_iterator())


def found_pairs(batches):
    found = []
    for x, y in batches:
        for source, target, labels in zip(
            x["source"], x["target"], y, strict=True
        ):
            if source[0]:
                n, m = np.sum(source != 0), np.sum(labels >= 0)
                assert source[n - 1] == labels[m - 1] == 3 and target[0] == 2
                np.testing.assert_array_equal(target[1:m], labels[: m - 1])
                assert not target[m:].any() and (labels[m:] == -1).all()
                found.append(
                    (source[: n - 1].tolist(), labels[: m - 1].tolist())
                )
    return sorted(found)


@pytest.mark.parametrize("dynamic", [False, True])
def test_every_pair_once_in_few_shapes(dynamic):
    sources, targets = pairs()
    batches = TokenPairBatches(
        sources, targets, 64, lengths=[6, 10, 14], dynamic=dynamic
    )
    read_all = read(batches)
    assert len(read_all) == batches.num_batches
    expected = sorted(zip(sources, targets, strict=True))
    assert found_pairs(read_all) == expected
    shapes = {x["source"].shape for x, _ in read_all}
    if not dynamic:
        assert shapes == {(10, 6), (6, 10), (4, 14)}
    assert max(np.prod(shape) for shape in shapes) <= 64
    assert batches.left_out == 0


def test_dynamic_batches_pad_less():
    sources, targets = pairs()
    shares = [
        TokenPairBatches(sources, targets, 64, [14], dynamic=d).padding_share
        for d in (False, True)
    ]
    assert shares[1] < shares[0] < 1


def test_a_pass_goes_on_from_any_batch():
    batches = TokenPairBatches(*pairs(), tokens=64, seed=3)
    whole, rest = read(batches, 5), read(batches, 5, 7)
    assert len(rest) == len(whole) - 7
    for (x, y), (u, v) in zip(whole[7:], rest, strict=True):
        np.testing.assert_array_equal(y, v)
        np.testing.assert_array_equal(x["source"], u["source"])
    other = read(batches, 6)
    assert any(
        a.shape != b.shape or (a != b).any()
        for (_, a), (_, b) in zip(whole, other, strict=True)
    )


def test_edges_of_buckets():
    assert bucket_lengths(np.array([3, 3, 3, 9]), count=4) == [3, 9]


def test_refuses():
    with pytest.raises(ValueError, match="1 sources and 2 targets"):
        TokenPairBatches([[1]], [[1], [2]])
    with pytest.raises(ValueError, match="1 pairs and lengths=\\[4\\]"):
        TokenPairBatches([[1] * 9], [[1]], lengths=[4])
    with pytest.raises(ValueError, match="tokens=8 and lengths=\\[10\\]"):
        TokenPairBatches([[1] * 9], [[1]], tokens=8)
    kept = TokenPairBatches([[1] * 9, [1]], [[1], [2]], lengths=[4])
    assert kept.left_out == 1 and kept.num_batches == 1

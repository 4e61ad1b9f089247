import pytest

from keras_nn import data


@pytest.mark.parametrize(
    "name, sizes",
    [
        ("communities", (200, 200, 1600)),
        ("cycles-or-not", (810, 90, 300)),
        ("molecules-like", (540, 60, 200)),
    ],
)
def test_parts_and_their_sizes(name, sizes):
    splits = data.load(name)
    parts = (splits.train, splits.validation, splits.test)
    assert tuple(map(len, parts)) == sizes
    assert splits.name == name


def test_communities_have_no_node_in_two_parts():
    splits = data.load("communities")
    masks = splits.train.mask, splits.validation.mask, splits.test.mask
    assert (sum(1 * mask for mask in masks) == 1).all()

import keras
import numpy as np
import pytest
import tensorflow as tf

from keras_nn.data import Split
from keras_nn.testing import two_replicas


def numbers(size=10):
    return Split(np.arange(size) * 10, np.arange(size))


def passes(dataset, count):
    return [
        [y.tolist() for _, y in dataset.as_numpy_iterator()]
        for _ in range(count)
    ]


def test_batches_in_order_hold_every_pair_once():
    batches = list(numbers().batches(4).as_numpy_iterator())
    assert [len(y) for _, y in batches] == [4, 4, 2]
    np.testing.assert_array_equal(
        np.concatenate([x for x, _ in batches]), np.arange(10) * 10
    )


def test_every_pass_is_another_order_and_the_seed_repeats_them_all():
    first = passes(numbers().batches(4, shuffle=True, seed=7), 3)
    for order in first:
        assert sorted(sum(order, [])) == list(range(10))
    assert first[0] != first[1] != first[2] != first[0]
    # Nothing global has a say in it.
    tf.random.set_seed(123)
    assert passes(numbers().batches(4, shuffle=True, seed=7), 3) == first
    assert passes(numbers().batches(4, shuffle=True, seed=8), 3) != first


def test_inputs_stay_with_their_targets_when_shuffled():
    for x, y in numbers().batches(4, shuffle=True).as_numpy_iterator():
        np.testing.assert_array_equal(x, y * 10)


@pytest.mark.parametrize("drop_remainder, expected", [(False, 3), (True, 2)])
def test_the_number_of_batches_is_known(drop_remainder, expected):
    dataset = numbers().batches(4, shuffle=True, drop_remainder=drop_remainder)
    assert dataset.cardinality() == expected
    assert len(passes(dataset, 1)[0]) == expected
    static = 4 if drop_remainder else None
    assert dataset.element_spec[0].shape == (static,)


def test_autotuning_is_off_so_that_fit_ends_at_once():
    options = numbers().batches(4).options()
    assert options.autotune.enabled is False


def test_two_replicas_see_the_batches_of_one():
    strategy = two_replicas()
    expected = passes(numbers().batches(4, shuffle=True), 2)
    with strategy.scope():
        dataset = numbers().batches(4, shuffle=True)
    distributed = strategy.experimental_distribute_dataset(dataset)
    received = [
        [
            [
                number
                for share in strategy.experimental_local_results(y)
                for number in share.numpy().tolist()
            ]
            for _, y in distributed
        ]
        for _ in range(2)
    ]
    assert received == expected


def test_keras_trains_on_batches_with_class_weights():
    split = Split(np.ones((10, 3), "uint8"), np.arange(10) % 2)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("sgd", loss)
    history = model.fit(
        split.batches(4, shuffle=True),
        validation_data=split.batches(4),
        class_weight={0: 1.0, 1: 2.0},
        shuffle=False,
        epochs=2,
        verbose=0,
    )
    assert np.isfinite(history.history["val_loss"]).all()


def test_decoded_files_are_the_same_cached_or_not():
    def decode(path):
        return np.array([10 * int(path)])

    decode.shape, decode.dtype = (1,), "int64"
    split = Split(np.arange(10).astype(str), np.arange(10), decode)
    assert split.shape == (1,)
    x, y = split.arrays(limit=3)
    assert x.tolist() == [[0], [10], [20]] and y.tolist() == [0, 1, 2]
    read = split.batches(4, shuffle=True, seed=3)
    cached = split.batches(4, shuffle=True, seed=3, cache=True)
    assert read.cardinality() == cached.cardinality() == 3
    orders = []
    for _ in range(2):
        pairs = zip(
            read.as_numpy_iterator(), cached.as_numpy_iterator(), strict=True
        )
        for (read_x, read_y), (cached_x, cached_y) in pairs:
            np.testing.assert_array_equal(read_x[:, 0], read_y * 10)
            np.testing.assert_array_equal(read_x, cached_x)
            np.testing.assert_array_equal(read_y, cached_y)
            orders.append(read_y.tolist())
    assert orders[:3] != orders[3:]


def test_split_keeps_shares_and_loses_nothing():
    split = Split(np.arange(100), np.repeat([0, 1], [80, 20]))
    rest, share = split.split(0.25, seed=3)
    assert np.bincount(share.y).tolist() == [20, 5]
    assert sorted([*rest.x, *share.x]) == list(range(100))
    again = split.split(0.25, seed=3)[1]
    np.testing.assert_array_equal(again.x, share.x)


def test_take_and_limit_give_the_first_examples():
    assert numbers().take(3).y.tolist() == [0, 1, 2]
    assert numbers().take(99).y.tolist() == list(range(10))
    x, y = numbers().arrays(limit=2)
    assert x.tolist() == [0, 10] and y.tolist() == [0, 1]


def test_refuses_what_does_not_fit():
    with pytest.raises(ValueError, match="2 inputs and 3 targets"):
        Split(np.zeros(2), np.zeros(3))
    with pytest.raises(ValueError, match="an empty split"):
        Split(np.zeros(0), np.zeros(0)).batches(1)
    with pytest.raises(ValueError, match="10 examples and batch_size=11"):
        numbers().batches(11, drop_remainder=True)

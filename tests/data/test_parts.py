import numpy as np

from keras_nn.data import Split
from keras_nn.data.parts import draw_parts


def test_shares_are_of_all_training_examples_and_nothing_is_lost():
    whole = Split(np.arange(100), np.repeat([0, 1], 50))
    parts = draw_parts({"train": whole}, 0.2, 0.3, seed=4)
    assert [len(parts[p]) for p in ("train", "validation", "test")] == [
        *(50, 20, 30)
    ]
    together = np.concatenate([part.x for part in parts.values()])
    assert sorted(together) == list(range(100))
    assert np.bincount(parts["test"].y).tolist() == [15, 15]


def test_a_part_that_is_there_stays_and_none_is_drawn_for_nothing():
    whole = Split(np.arange(10.0), np.arange(10.0))
    parts = draw_parts({"train": whole, "test": whole}, 0.0, 0.5)
    assert parts["test"] is whole and parts["train"] is whole
    assert parts["validation"] is None
    parts = draw_parts({"train": whole}, 0.2, 0.0, stratify=False)
    assert len(parts["train"]) == 8 and parts["test"] is None

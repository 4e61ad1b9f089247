import numpy as np
import pytest

from keras_nn.explain import Explanation


def explanation(attributions):
    return Explanation(attributions, "some", np.array([0]))


def test_maps_are_sums_over_channels_by_sign():
    values = np.zeros((1, 2, 2, 2), "float32")
    values[0, 0, 0] = [3, 1]
    values[0, 1, 1] = [-1, -1]
    found = explanation(values)
    top = np.percentile([4, 0, 0, 2], 99.5)
    np.testing.assert_allclose(found.maps("signed")[0], [[1, 0], [0, -2 / top]])
    np.testing.assert_array_equal(found.maps()[0], [[1, 0], [0, 0]])
    np.testing.assert_array_equal(found.maps("negative")[0], [[0, 0], [0, 1]])
    assert found.maps("absolute").max() == 1


def test_of_several_inputs_the_first_with_positions_is_drawn():
    attributions = {"a": np.ones((2, 5)), "b": np.ones((2, 4, 6, 3))}
    assert explanation(attributions).maps().shape == (2, 4, 6)


def test_an_empty_map_stays_empty_and_a_single_spot_is_seen():
    values = np.zeros((2, 40, 40, 1), "float32")
    values[1, 3, 4] = 5
    maps = explanation(values).maps()
    assert maps[0].max() == 0 and maps[1, 3, 4] == 1


def test_refuses_an_unknown_sign_and_attributions_without_positions():
    with pytest.raises(ValueError, match="Received: sign='both'"):
        explanation(np.ones((1, 2, 2, 1))).maps("both")
    with pytest.raises(ValueError, match=r"Received: .*\(1, 2\)"):
        explanation(np.ones((1, 2))).maps()


def test_pictures_are_the_map_over_the_inputs():
    values = np.zeros((2, 4, 6, 3), "float32")
    values[:, :, 4:] = [[[1, 1, 2]]]
    values[1, :, 0] = -1
    grey = np.full((2, 4, 6, 3), 100, "uint8")
    for_it = explanation(values).pictures(grey, side=60)
    against = explanation(values).pictures(grey, "negative", side=60)
    assert for_it.shape == (2, 40, 60, 3) and for_it.dtype == "uint8"
    np.testing.assert_array_equal(for_it[:, :, :30], 100)
    assert (for_it[:, :, 50:] != 100).all()
    np.testing.assert_array_equal(against[0], 100)
    assert (against[1, :, :4] != 100).all()


def test_pictures_of_clips_and_of_several_inputs():
    attributions = {"a": np.ones((2, 5)), "b": np.ones((2, 3, 4, 4, 1))}
    inputs = {"a": np.ones((2, 5)), "b": np.ones((2, 3, 4, 4, 1))}
    drawn = explanation(attributions).pictures(inputs, "absolute", side=8)
    assert drawn.shape == (2, 3, 8, 8, 3)


def test_refuses_to_draw_both_signs_or_over_other_inputs():
    found = explanation(np.ones((1, 4, 4, 1)))
    with pytest.raises(ValueError, match="Received: sign='signed'"):
        found.pictures(np.ones((1, 4, 4, 1)), "signed")
    with pytest.raises(ValueError, match=r"Received: shape \(2, 4, 4, 1\)"):
        found.pictures(np.ones((2, 4, 4, 1)))
    with pytest.raises(ValueError, match="one sign|were explained"):
        explanation(np.ones((1, 9, 4))).pictures(np.ones((1, 9, 4)))

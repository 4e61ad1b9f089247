import pytest

from keras_nn.models.diffusion.moments import moments_due


def test_moments_are_at_equal_distances_and_end_with_the_way():
    due = moments_due(4, 9)
    assert due.shape == (9, 4)
    assert due.argmax(axis=0).tolist()[1:] == [2, 5, 8]
    assert not due[:, 0].any()  # the first is before any step
    assert moments_due(3, 2).sum() == 2


@pytest.mark.parametrize("moments", [1, 5])
def test_refuses_more_moments_than_there_are(moments):
    with pytest.raises(ValueError, match=f"to one .* 4. Received: .*{moments}"):
        moments_due(moments, 3)

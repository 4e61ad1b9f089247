import pytest

from keras_nn.testing import slow_but


def test_all_but_some_cases_are_slow_in_their_order():
    one, two, three = slow_but(2, of=[1, 2, 3])
    assert two == 2
    for case, value in ((one, 1), (three, 3)):
        assert case.values == (value,)
        assert [mark.name for mark in case.marks] == ["slow"]


@pytest.mark.parametrize("kept", [(), (4,)])
def test_refuses_to_keep_what_is_no_case(kept):
    with pytest.raises(ValueError, match="must be some of"):
        slow_but(*kept, of=[1, 2])

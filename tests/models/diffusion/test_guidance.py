import pytest

from keras_nn.models.diffusion.guidance import Guidance


def test_says_what_is_compiled():
    assert Guidance().parts == (False, False, None)
    assert Guidance(2.0, 0.5).parts == (True, True, None)


@pytest.mark.parametrize(
    "wrong, message",
    [
        ({"scale": 2.0, "rescale": 1.5}, r"must be in \[0, 1\].*1.5"),
        ({"rescale": 0.5}, "needs a `guidance` other than 1"),
        ({"classifier_scale": 2.0}, "needs a `classifier`"),
    ],
)
def test_refuses_what_has_no_meaning(wrong, message):
    with pytest.raises(ValueError, match=message):
        Guidance(**wrong)

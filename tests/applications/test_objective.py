import pytest

from keras_nn.applications import UnknownChoice
from keras_nn.applications import WrongRequest
from keras_nn.applications.objective import direction_of


@pytest.mark.parametrize(
    ("objective", "direction"),
    [("accuracy", "max"), ("d_loss", "min"), ("mean_iou", "max")],
)
def test_the_last_word_tells(objective, direction):
    assert direction_of(objective) == direction


def test_what_is_said_counts():
    assert direction_of("loss", "max") == "max"
    assert direction_of("energy", "min") == "min"


def test_refuses_to_guess():
    with pytest.raises(WrongRequest, match="--direction"):
        direction_of("energy")
    with pytest.raises(UnknownChoice, match="Choices: min, max"):
        direction_of("loss", "down")

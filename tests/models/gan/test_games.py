import pytest

from keras_nn.losses import HingeGANLoss
from keras_nn.models.gan.games import LOSSES
from keras_nn.models.gan.games import game_of


def test_a_game_is_known_by_name_or_as_it_is():
    assert type(game_of("hinge")) is HingeGANLoss
    given = HingeGANLoss()
    assert game_of(given) is given
    with pytest.raises(ValueError, match=r"one of \['hinge'.*'l2'") as error:
        game_of("l2")
    assert all(name in str(error.value) for name in LOSSES)

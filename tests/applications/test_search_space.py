import pytest

from keras_nn.applications import ImageClassifier
from keras_nn.applications import UnknownChoice
from keras_nn.applications import WrongRequest
from keras_nn.applications.search_space import Choice
from keras_nn.applications.search_space import Range
from keras_nn.applications.search_space import search_space


def test_text_becomes_values_of_the_settings_type():
    space = search_space(
        ImageClassifier,
        {"optimizer": "adam, sgd", "batch_size": "16,32", "dropout": "0,0.5"},
        {"learning_rate": "1e-4:1e-1:log", "epochs": (2, 5)},
    )
    assert space == {
        "optimizer": Choice(("adam", "sgd")),
        "batch_size": Choice((16, 32)),
        "dropout": Choice((0.0, 0.5)),
        "learning_rate": Range(1e-4, 1e-1, log=True),
        "epochs": Range(2, 5),
    }
    assert type(space["epochs"].low) is int


def test_the_tuner_draws_from_it():
    keras_tuner = pytest.importorskip("keras_tuner")
    space = keras_tuner.HyperParameters()
    Choice(("a", "b")).declare(space, "choice")
    Range(1, 3).declare(space, "whole")
    Range(1e-3, 1.0, log=True).declare(space, "rate")
    choice, whole, rate = space.space
    assert choice.values == ["a", "b"]
    assert {whole.random_sample(seed) for seed in range(50)} == {1, 2, 3}
    draws = [rate.random_sample(seed) for seed in range(400)]
    # By factors, a third of the draws lies in each decade.
    assert 0.2 < sum(draw < 1e-2 for draw in draws) / 400 < 0.45


@pytest.mark.parametrize(
    ("choices", "ranges", "message"),
    [
        ({}, {}, "Received: none"),
        ({"dropout": "0,1"}, {"dropout": "0:1"}, "both for dropout"),
        ({"dropout": "0,0.0"}, {}, "must differ"),
        ({"image_size": "8,x"}, {}, "of one type"),
        ({"image_size": [(8, 8)]}, {}, r"image_size=\(8, 8\)"),
        ({"batch_size": "0,8"}, {}, "batch_size=0"),
        ({}, {"dropout": "0.1"}, "low:high or low:high:log"),
        ({}, {"dropout": "0:1:linear"}, "low:high or low:high:log"),
        ({}, {"dropout": "0.5:0.1"}, "dropout=0.5:0.1"),
        ({}, {"optimizer": "adam:sgd"}, "from a number"),
        ({}, {"dropout": "0:1:log"}, "begins above 0"),
        ({"dropout": "much"}, {}, "takes a value of type float"),
    ],
)
def test_refuses_what_cannot_be(choices, ranges, message):
    with pytest.raises(WrongRequest, match=message):
        search_space(ImageClassifier, choices, ranges)


def test_refuses_what_is_not_on_offer():
    with pytest.raises(UnknownChoice, match="did you mean 'dropout'"):
        search_space(ImageClassifier, {"dropuot": "0,1"}, {})
    with pytest.raises(UnknownChoice, match="adam, adamw, sgd"):
        search_space(ImageClassifier, {"optimizer": "adam,lion"}, {})

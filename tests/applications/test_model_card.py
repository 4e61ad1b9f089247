import pytest

from keras_nn import data
from keras_nn.applications import Expectation
from keras_nn.applications import ImageClassifier
from keras_nn.applications.model_card import render
from keras_nn.models import MLP


@pytest.fixture(scope="module")
def app():
    network = MLP(False, input_shape=(8, 8, 1), units=[8])
    return ImageClassifier(network, num_classes=10)


def test_says_what_a_reader_must_know(app):
    card = render(
        app,
        title="digits",
        splits=data.load("digits"),
        metrics={"accuracy": 0.9876, "loss": 0.05},
        intervals={"accuracy": (0.97, 0.995)},
        expectation=Expectation("accuracy", published=0.98, source="Someone"),
        training={"Epochs": 3},
        seed=7,
        versions={"keras": "3.15"},
    )
    for fact in (
        "# digits",
        "| accuracy | 0.9876 | 0.9700 to 0.9950 |",
        "| loss | 0.0500 | not computed |",
        "Seed: 7",
        "Licence: CC BY 4.0",
        "test 359",
        "Published: accuracy 0.98 (Someone).",
        "Energy: not measured",
        "keras: 3.15",
        f"Parameters: {app.count_params():,}",
    ):
        assert fact in card, fact


def test_says_so_where_nothing_is_known(app):
    card = app.model_card()
    assert "Not recorded." in card
    assert "Seed: not set" in card
    assert "Intervals" not in card

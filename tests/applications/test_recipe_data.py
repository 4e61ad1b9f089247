import pytest

from keras_nn.applications import ImageClassifier
from keras_nn.applications import UnknownChoice
from keras_nn.applications import WrongRequest
from keras_nn.applications import catalogue
from keras_nn.applications.recipe_data import choose_recipe
from keras_nn.applications.recipe_data import read_splits

SETTINGS = ImageClassifier.default_settings()


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        (None, None, "digits"),
        ("mnist-cnn", None, "mnist-cnn"),
        (None, "cifar10", "cifar10-resnet20"),
        (None, "some/folder", "pictures"),
        ("mnist-cnn", "some/folder", "mnist-cnn"),
        (None, "iris", "digits"),  # no recipe for it: the default's network
    ],
)
def test_the_recipe_follows_from_the_name_or_from_the_data(
    name, data, expected
):
    assert choose_recipe(ImageClassifier, name, data).name == expected


def test_refuses_an_unknown_recipe():
    with pytest.raises(UnknownChoice, match="Unknown recipe"):
        choose_recipe(ImageClassifier, "digit", None)


def read(recipe, data):
    recipe = catalogue.get_recipe(ImageClassifier, recipe)
    return read_splits(ImageClassifier, recipe, data, 0, SETTINGS)


def test_reads_the_recipes_own_data_and_named_data():
    assert read("digits", None).name == "digits"
    assert read("mnist-cnn", "digits").name == "digits"


def test_named_data_are_shared_out_as_the_settings_say():
    settings = {
        **ImageClassifier.default_settings(),
        "validation_fraction": 0.5,
    }
    recipe = catalogue.get_recipe(ImageClassifier, "digits")
    splits = read_splits(ImageClassifier, recipe, "digits", 0, settings)
    assert len(splits.validation) == len(splits.train) == 719
    whole = read_splits(
        ImageClassifier, recipe, "digits", 0, settings, fold=(1, 2)
    )
    assert whole.validation is None
    assert len(whole.train) + len(whole.test) == 1438


def test_refuses_a_recipe_without_data_and_data_that_is_nowhere():
    with pytest.raises(WrongRequest, match="trains on your own data"):
        read("pictures", None)
    with pytest.raises(WrongRequest, match="neither a path nor one of.*digits"):
        read("digits", "nowhere")

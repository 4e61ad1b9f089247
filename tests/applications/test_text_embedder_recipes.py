import pytest

from keras_nn import data
from keras_nn.applications import TextEmbedder
from keras_nn.applications import text_embedder_recipes as recipes


@pytest.mark.parametrize("recipe", recipes.RECIPES, ids=lambda r: r.name)
def test_networks_and_settings_fit_their_application(recipe):
    settings = {**TextEmbedder.default_settings(), **recipe.settings}
    assert set(settings) == set(TextEmbedder.default_settings())
    network = recipe.network(20, settings)
    assert network.output_shape == (None, None, settings["width"])


def test_names_are_cut_into_words():
    tokenizer = data.WordTokenizer.of(
        ["set_xlabel TextIndex 42"], pattern=recipes.SETTINGS["pattern"]
    )
    words = tokenizer.split("set_xlabel TextIndex HTTPError x2 Größe")
    assert words[:4] == ["set", "xlabel", "Text", "Index"]
    assert words[-3:] == ["x", "2", "Größe"]


def test_a_folder_of_texts_is_read_as_texts_alone(tmp_path):
    for number in range(20):
        (tmp_path / f"{number}.txt").write_text(f"Text {number}.")
    splits = recipes.read_texts(str(tmp_path), 0, recipes.SETTINGS)
    assert len(splits.train) == 16 and len(splits.test) == 2
    assert splits.train.sources == splits.train.targets

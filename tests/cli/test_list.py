from keras_nn.applications import ImageClassifier


def test_shows_every_recipe(invoke, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    code, output, _ = invoke("list")
    assert code == 0
    assert "image-classifier" in output
    for recipe in ImageClassifier.recipes():
        assert recipe.name in output
    assert "accuracy 0.975" in output

import pytest

from keras_nn.applications import Translator
from keras_nn.applications import fit_recipe
from keras_nn.applications import translator_recipes as recipes

pytest.importorskip("tokenizers")
pytest.importorskip("sacrebleu")
SMALL = {
    "vocabulary_size": 60,
    "num_layers": 1,
    "width": 16,
    "hidden_dim": 16,
    "num_beams": 1,
}


@pytest.mark.slow
def test_a_run_on_own_pairs(tmp_path, monkeypatch):
    monkeypatch.setattr(Translator, "inspectors", lambda *a, **k: [])
    path = tmp_path / "a.tsv"
    path.write_text("".join(f"{n} plus {n}\t{2 * n}\n" for n in range(100)))
    run = fit_recipe(
        "translator",
        data=str(path),
        epochs=1,
        settings=SMALL,
        log_dir=tmp_path,
        verbose=0,
    )
    assert run.config["recipe"] == "pairs"
    assert {"bleu", "chrf", "exact_match"} <= set(run.metrics["test"])
    app = run.load()
    assert app.max_length == 128 and app.tokenizer.vocabulary_size <= 60


def test_warm_up_and_average_are_short_in_a_short_training():
    optimizer = recipes.build_optimizer(recipes.SETTINGS, 100)
    assert optimizer._learning_rate.warmup_steps == 10
    assert optimizer.ema_momentum == pytest.approx(0.9)
    plain = recipes.build_optimizer({**recipes.SETTINGS, "averaging": 0.0}, 9)
    assert not plain.use_ema


@pytest.mark.slow
def test_written_numbers_become_digits(tmp_path):
    run = fit_recipe("translator", log_dir=tmp_path, verbose=2)
    assert run.metrics["test"]["exact_match"] > 0.95

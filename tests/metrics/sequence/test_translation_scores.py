import sys

import pytest

from keras_nn.metrics.sequence import translation_scores
from keras_nn.metrics.sequence.translation_scores import bleu
from keras_nn.metrics.sequence.translation_scores import chrf

WRITTEN = ["the cat sat on the mat", "a dog is in the garden ."]
REFERENCES = ["the cat sat on a mat", "A dog is in the park."]


def test_equal_sacrebleu():
    sacrebleu = pytest.importorskip("sacrebleu")
    expected = sacrebleu.corpus_bleu(WRITTEN, [REFERENCES]).score
    assert bleu(WRITTEN, REFERENCES) == pytest.approx(expected, abs=1e-6)
    expected = sacrebleu.corpus_chrf(WRITTEN, [REFERENCES]).score
    assert chrf(WRITTEN, REFERENCES) == pytest.approx(expected, abs=1e-6)
    assert bleu(WRITTEN, REFERENCES, lowercase=True) > bleu(WRITTEN, REFERENCES)


def test_copies_are_perfect_and_other_texts_are_not():
    pytest.importorskip("sacrebleu")
    assert bleu(REFERENCES, REFERENCES) == chrf(REFERENCES, REFERENCES) == 100
    assert bleu(["x y z w"], ["a b c d"]) == 0


def test_refuses_and_says_what_to_install(monkeypatch):
    with pytest.raises(ValueError, match="2 hypotheses and 1 references"):
        bleu(WRITTEN, REFERENCES[:1])
    monkeypatch.setitem(sys.modules, "sacrebleu", None)
    with pytest.raises(ImportError, match=r"keras-nn\[text\]"):
        translation_scores.check_package()

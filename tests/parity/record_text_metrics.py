"""Records what seqeval, rouge-score and jiwer say, as golden numbers.

pip install seqeval rouge-score jiwer
python tests/parity/record_text_metrics.py
"""

import json
from pathlib import Path

import jiwer
import numpy as np
from rouge_score.rouge_scorer import RougeScorer
from seqeval.metrics import f1_score
from seqeval.metrics import precision_score
from seqeval.metrics import recall_score

TAGS = ["O", "B-per", "I-per", "B-loc", "I-loc", "E-loc", "S-loc"]
WORDS = "a cat, the dog. sat on mats Mats 3 don't went home".split(" ")
MEASURES = {"f1": f1_score, "precision": precision_score}
MEASURES["recall"] = recall_score


def sequences(generator, plain):
    size = 3 if plain else len(TAGS)
    true = [
        generator.integers(0, size, length) for length in (9, 1, 6, 12, 4, 7)
    ]
    pred = [
        np.where(generator.random(len(t)) < 0.7, t, 0 * t + size - 1)
        for t in true
    ]
    return [[t.tolist() for t in one] for one in (true, pred)]


def tagging(generator, plain):
    true, pred = sequences(generator, plain)
    names = [[[TAGS[t] for t in row] for row in one] for one in (true, pred)]
    scores = {
        f"{measure} {average}": float(function(*names, average=average))
        for measure, function in MEASURES.items()
        for average in ("micro", "macro")
    }
    return {"true": true, "pred": pred, "scores": scores}


def texts(generator):
    def text():
        return " ".join(generator.choice(WORDS, generator.integers(1, 14)))

    references = [text() for _ in range(12)]
    predictions = [
        " ".join(w for w in reference.split() if generator.random() < 0.8)
        + " "
        + text()
        for reference in references
    ]
    scorer = RougeScorer(["rouge1", "rouge2", "rougeL"], use_stemmer=False)
    found = [
        scorer.score(reference, prediction)
        for reference, prediction in zip(references, predictions, strict=True)
    ]
    scores = {
        name: float(np.mean([one[name].fmeasure for one in found]))
        for name in ("rouge1", "rouge2", "rougeL")
    }
    scores["word_error_rate"] = jiwer.wer(references, predictions)
    scores["character_error_rate"] = jiwer.cer(references, predictions)
    return {
        "references": references,
        "predictions": predictions,
        "scores": scores,
    }


if __name__ == "__main__":
    generator = np.random.default_rng(0)
    numbers = {
        "tags": TAGS,
        "tagging": [tagging(generator, i % 2 == 0) for i in range(6)],
        "texts": texts(generator),
    }
    path = Path(__file__).parent / "text_metrics.json"
    path.write_text(json.dumps(numbers, indent=1) + "\n")
    print(path.name, numbers["texts"]["scores"])

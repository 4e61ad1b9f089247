"""Does a class depend on a concept? Asked of pictures in folders."""

import dataclasses
from pathlib import Path

import numpy as np

from keras_nn import data
from keras_nn import explain
from keras_nn.applications.picture_explanations import label_names
from keras_nn.applications.picture_explanations import setting_value
from keras_nn.applications.picture_files import picture_files
from keras_nn.applications.unknown_choice import UnknownChoice
from keras_nn.applications.unknown_choice import WrongRequest
from keras_nn.callbacks.drawing import BAD
from keras_nn.callbacks.drawing import GOOD
from keras_nn.callbacks.drawing import LINE
from keras_nn.callbacks.drawing import MUTED
from keras_nn.callbacks.drawing import Canvas

RANDOM = "random"
_OPTIONS = ("runs", "penalty", "seed", "batch_size")


def explain_concepts(app, path, concepts, folder, label, settings=None):
    """Asks whether a class depends on concepts that pictures show (TCAV).

    Args:
        app: application of pictures with `num_classes` and `class_names`,
            trained.
        path: str. A folder of pictures of the class, whose scores are looked
            at.
        concepts: path of a folder with one folder of pictures a concept, and
            one called `random`, of pictures of anything, at least twice as
            many as of the largest concept.
        folder: path. Where to write `concepts.png`; made if it is missing.
        label: str. The class.
        settings: dict of str, or None: `layer` (names with commas between;
            the last convolution by default), and `runs`, `penalty`, `seed`,
            `batch_size` of `keras_nn.explain.ConceptVectors`.

    Returns:
        A list of dicts, one a layer and concept: `layer`, `concept`, `label`,
        `score`, `score_deviation`, `random_score`, `p_value` (times the
        number of questions asked), `significant`, `accuracy` and `picture`.

    Raises:
        WrongRequest: on a label, a folder or a setting that there is not.
        ValueError: on unreadable pictures, another layer, or too few
            examples.
    """
    names = label_names(app, label)
    if label is None:
        raise WrongRequest(
            "concepts are asked of one class: `label` must be one of "
            f"{', '.join(names)}. Received: label=None"
        )
    settings = {k: setting_value(v) for k, v in (settings or {}).items()}
    layers = settings.pop("layer", None)
    unknown = [key for key in settings if key not in _OPTIONS]
    if unknown:
        raise UnknownChoice("setting", unknown[0], ("layer", *_OPTIONS))
    examples = _examples(app, concepts)
    random = examples.pop(RANDOM)
    pictures = read_all(app, path)
    rows = []
    layers = _layers(app, pictures, layers)
    for layer in layers:
        vectors = explain.ConceptVectors(app, layer, **settings)
        found = vectors.test(examples, random, pictures, names.index(label))
        rows += [
            _row(layer, one, label, len(layers), len(pictures)) for one in found
        ]
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    picture = folder / "concepts.png"
    draw_concepts(picture, rows, label)
    return [{**row, "picture": str(picture)} for row in rows]


def read_all(app, path):
    """The pictures under a path, as an application takes them: an array."""
    read = data.ImageReader(**app.reading)
    return np.stack([read(file) for file in picture_files(path)])


def draw_concepts(path, rows, label):
    """Writes bars: of each concept the score, and that of random pictures."""
    from PIL import Image

    Image.fromarray(_bars(rows, label)).save(path)


def _examples(app, concepts):
    concepts = Path(concepts)
    if not concepts.is_dir():
        raise WrongRequest(
            f"concepts are in a folder of folders. Received: {concepts}"
        )
    folders = sorted(f for f in concepts.iterdir() if f.is_dir())
    names = [folder.name for folder in folders]
    if RANDOM not in names or len(names) < 2:
        raise WrongRequest(
            f"there must be a folder called {RANDOM}, of pictures of "
            "anything, beside one of pictures for each concept. "
            f"Received: {concepts} with the folders {names}"
        )
    return {folder.name: read_all(app, folder) for folder in folders}


def _layers(app, pictures, layers):
    if layers is None:
        view = explain.FunctionalView(app, pictures[:1])
        return [explain.find_last_convolution(view.model).name]
    return [name.strip() for name in str(layers).split(",")]


def _row(layer, found, label, layers, examples):
    # Bonferroni: `ConceptVectors` has counted the concepts of one layer.
    found = dataclasses.replace(found, p_value=min(1, found.p_value * layers))
    return {
        "layer": layer,
        "concept": found.concept,
        "label": label,
        "examples": examples,
        "score": round(found.score, 4),
        "score_deviation": round(float(found.scores.std()), 4),
        "random_score": round(float(found.random_scores.mean()), 4),
        "p_value": float(f"{found.p_value:.3g}"),
        "significant": found.is_significant,
        "accuracy": round(found.accuracy, 4),
    }


def _bars(rows, label, left=190, width=360, line=44, head=58):
    sheet = Canvas(head + line * len(rows) + 34, left + width + 190)
    sheet.text(10, 8, f"does {label} depend on it?", 15)
    sheet.text(
        10, 30, "share of pictures whose score rises along the concept", 12
    )
    bottom = head + line * len(rows)
    for share in (0.0, 0.5, 1.0):
        x = left + share * width
        sheet.draw.line([(x, head - 6), (x, bottom)], fill=LINE)
        sheet.text(x, bottom + 6, f"{share:.1f}", 12, MUTED, "ma")
    for i, row in enumerate(rows):
        y = head + i * line
        ink, words = MUTED, "not significant"
        if row["significant"]:
            speaks_for = row["score"] > row["random_score"]
            ink, words = (GOOD, "for") if speaks_for else (BAD, "against")
            words = f"significantly {words}"
        sheet.text(10, y + 3, row["concept"], 14, width=left - 20)
        sheet.text(10, y + 21, row["layer"], 11, MUTED, width=left - 20)
        end = left + row["score"] * width
        sheet.draw.rectangle([left, y + 4, end, y + 20], fill=ink)
        spread = row["score_deviation"] * width
        ends = [(end - spread, y + 12), (end + spread, y + 12)]
        sheet.draw.line(ends, fill=(0, 0, 0))
        end = left + row["random_score"] * width
        sheet.draw.rectangle([left, y + 24, end, y + 32], fill=LINE)
        sheet.text(
            left + width + 14, y + 3, f"{row['score']:.2f}, {words}", 12, ink
        )
        sheet.text(
            left + width + 14,
            y + 21,
            f"p {row['p_value']:.1e}, random {row['random_score']:.2f}",
            11,
            MUTED,
        )
    return sheet.pixels

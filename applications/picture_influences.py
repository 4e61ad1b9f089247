"""Training pictures that made a classifier say what it says."""

import dataclasses
import inspect
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
from keras_nn.callbacks.drawing import INK
from keras_nn.callbacks.drawing import captioned_grid
from keras_nn.data.displayable import displayable

METHODS = {
    cls.method: cls for cls in (explain.InfluenceFunctions, explain.TracIn)
}
_TAKEN = ("model", "inputs", "labels", "layers", "output", "loss")


def explain_by_training(app, train, path, folder, label=None, settings=None):
    """Draws which training pictures helped and harmed a prediction.

    Influence is that of the last layer, on the features before it.

    Args:
        app: application of pictures with `num_classes`, `class_names` and
            `reading`, trained.
        train: `keras_nn.data.Split`, what it was trained on.
        path: str. A picture, or a folder of pictures.
        folder: path. Where to write; made if it is missing.
        label: str or None. The class whose loss is asked about. None means
            the predicted one.
        settings: dict of str, or None: `method`, `"influence-functions"` (the
            default) or `"tracin"`; `examples`, how many of the training
            pictures are looked at, drawn at random, 4000 by default; `top`,
            how many of them are drawn, 6 by default; `seed`; and options of
            the method.

    Returns:
        A list of dicts, one a picture and training picture that is drawn:
        `file`, `label`, `rank` (from 1, those that helped; from -1, those
        that did harm), `example` (its place in the training data), `is` (its
        label), `influence`, `examples` (how many were looked at) and
        `picture`.

    Raises:
        WrongRequest: on a label or a setting that there is not.
        ValueError: on unreadable pictures, or if the method cannot go on.
    """
    names = label_names(app, label)
    asked = _Asked.of(settings)
    files = picture_files(path)
    read = data.ImageReader(**app.reading)
    pictures = np.stack([read(file) for file in files])
    places, x, y = _some(train, asked.examples, asked.seed)
    influence = METHODS[asked.method](app, x, y, layers="last", **asked.options)
    labels = None
    if label is not None:
        labels = np.full(len(files), names.index(label))
    found = influence(pictures, labels)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    top = min(asked.top, len(places))
    sides = [found.proponents(top), found.opponents(top)]
    rows = []
    for i, file in enumerate(files):
        target = folder / f"{i:04d}_{Path(file).stem}_{asked.method}.png"
        drawn = [
            (sign * rank, number, found.scores[i, number])
            for sign, side in zip((1, -1), sides, strict=True)
            for rank, number in enumerate(side[i], start=1)
        ]
        said = names[int(found.labels[i])]
        _draw(target, pictures[i], said, drawn, x, y, names)
        rows += [
            {
                "file": file,
                "label": said,
                "rank": rank,
                "example": int(places[number]),
                "is": names[int(y[number])],
                "influence": float(f"{score:.4g}"),
                "examples": len(places),
                "picture": str(target),
            }
            for rank, number, score in drawn
        ]
    return rows


def suspicious_training(app, train, folder, settings=None):
    """Draws the training pictures that did most for their own prediction.

    The highest self influence (TracIn, of the last layer) have pictures that
    are like no other of their class: rare ones, and wrong labels.

    Args:
        app, train, folder: as of `explain_by_training`.
        settings: dict of str, or None: `examples`, `seed`, as there, and
            `top`, how many are drawn, 24 by default.

    Returns:
        A list of dicts, one a training picture that is drawn: `rank`,
        `example` (its place in the training data), `is` (its label),
        `predicted`, `self_influence`, `examples` and `picture`.

    Raises:
        WrongRequest: on a setting that there is not.
    """
    asked = _Asked.of({"top": "24", **(settings or {}), "method": "tracin"})
    names = label_names(app)
    places, x, y = _some(train, asked.examples, asked.seed)
    tracin = explain.TracIn(app, x, y, layers="last", **asked.options)
    scores = tracin.self_influence()
    order = np.argsort(-scores, kind="stable")[: asked.top]
    losses = tracin.losses
    said = losses.predicted(losses.prepared(x[order]))
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / "suspicious.png"
    captions = [
        f"is {names[int(y[number])]}\nsaid {names[int(label)]}"
        for number, label in zip(order, said, strict=True)
    ]
    inks = [
        GOOD if y[number] == label else BAD
        for number, label in zip(order, said, strict=True)
    ]
    _save_grid(
        target,
        _rows([*displayable(x[order])]),
        _rows(captions),
        _rows(inks),
        "training pictures that are like no other of their class",
    )
    return [
        {
            "rank": rank,
            "example": int(places[number]),
            "is": names[int(y[number])],
            "predicted": names[int(label)],
            "self_influence": float(f"{scores[number]:.4g}"),
            "examples": len(places),
            "picture": str(target),
        }
        for rank, (number, label) in enumerate(
            zip(order, said, strict=True), start=1
        )
    ]


@dataclasses.dataclass(frozen=True)
class _Asked:
    """The settings, made from text."""

    method: str
    examples: int
    top: int
    seed: int
    options: dict

    @classmethod
    def of(cls, settings):
        given = {k: setting_value(v) for k, v in (settings or {}).items()}
        method = given.pop("method", explain.InfluenceFunctions.method)
        if method not in METHODS:
            raise UnknownChoice("method", method, METHODS)
        counts = {"examples": 4000, "top": 6, "seed": 0}
        counts = {key: given.pop(key, counts[key]) for key in counts}
        for name, value in counts.items():
            if not isinstance(value, int) or value < (name != "seed"):
                raise WrongRequest(
                    f"`{name}` must be a positive int. Received: {name}={value}"
                )
        known = set(inspect.signature(METHODS[method]).parameters)
        known -= {*_TAKEN, "checkpoints", "learning_rates"}
        unknown = [key for key in given if key not in known]
        if unknown:
            choices = ["method", *counts, *sorted(known)]
            raise UnknownChoice("setting", unknown[0], choices)
        return cls(method, **counts, options=given)


def _some(train, count, seed):
    """Places in a split, in order, and their pictures and labels."""
    places = np.arange(len(train))
    if len(train) > count:
        drawn = np.random.default_rng(seed).permutation(len(train))
        places = np.sort(drawn[:count])
    x = train.x[places]
    if train.decode is not None:
        x = np.stack([train.decode(one) for one in x])
    return places, x, np.asarray(train.y)[places]


def _draw(path, picture, said, drawn, x, y, names):
    rows, captions, inks = [], [], []
    for sign, words in ((1, "helped"), (-1, "did harm")):
        side = [one for one in drawn if one[0] * sign > 0]
        shown = displayable(np.stack([x[number] for _, number, _ in side]))
        rows.append([displayable(picture[None])[0], *shown])
        captions.append(
            [f"said {said}\n{words}:"]
            + [f"is {names[int(y[n])]}\n{score:+.2g}" for _, n, score in side]
        )
        alike = [names[int(y[n])] == said for _, n, _ in side]
        inks.append([INK, *(GOOD if same else BAD for same in alike)])
    title = "training pictures that lowered its loss, and that raised it"
    _save_grid(path, rows, captions, inks, title)


def _rows(items, columns=8):
    return [items[i : i + columns] for i in range(0, len(items), columns)]


def _save_grid(path, rows, captions, inks, title):
    from PIL import Image

    sheet = captioned_grid(rows, captions, title, colours=inks)
    Image.fromarray(sheet).save(path)

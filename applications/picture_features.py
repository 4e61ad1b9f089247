"""Pictures that excite the units of a trained model of pictures."""

import inspect
from pathlib import Path

from keras_nn import explain
from keras_nn.applications.picture_explanations import label_names
from keras_nn.applications.picture_explanations import setting_value
from keras_nn.applications.unknown_choice import UnknownChoice
from keras_nn.applications.unknown_choice import WrongRequest
from keras_nn.callbacks.drawing import captioned_grid
from keras_nn.data.displayable import displayable
from keras_nn.explain.picture_units import PictureUnits

CLASSES = "classes"
_MANY = 16  # units of a layer are drawn where none are named
_COLUMNS = 8


def visualize_features(app, what, folder, settings=None):
    """Draws what excites units of a layer the most, or classes.

    Args:
        app: application of pictures with `num_classes` and `class_names`,
            trained.
        what: str. `LAYER`, its first 16 units at most, or `LAYER:0,5,7`; or
            `classes`, or `classes:cat,dog`.
        folder: path. Where to write `LAYER_features.png`; made if it is
            missing.
        settings: dict of str, or None: options of
            `keras_nn.explain.FeatureVisualization`. `jitter` is an eighth of
            the picture's side by default, and 4 at most.

    Returns:
        A list of dicts, one a unit: `layer`, `unit`, `score_before`, `score`
        and `picture`.

    Raises:
        WrongRequest: on a class, a unit or a setting that there is not.
        ValueError: on another layer.
    """
    layer, _, units = what.partition(":")
    names = label_names(app)
    of_classes = layer == CLASSES
    options = {k: setting_value(v) for k, v in (settings or {}).items()}
    known = set(inspect.signature(explain.FeatureVisualization).parameters)
    known -= {"model", "layer"}
    unknown = [key for key in options if key not in known]
    if unknown:
        raise UnknownChoice("setting", unknown[0], sorted(known))
    # A shift of half a small picture would leave nothing to recognise.
    side = min(n or 64 for n in options.get("size") or app.input_shape[1:3])
    options.setdefault("jitter", min(4, side // 8))
    inner = None if of_classes else layer
    look = explain.FeatureVisualization(app, inner, **options)
    if of_classes:
        labels = units.split(",") if units else names
        wrong = [one for one in labels if one not in names]
        if wrong:
            raise UnknownChoice("label", wrong[0], names)
        chosen = [names.index(one) for one in labels]
    else:
        chosen = _units(units) if units else _first(app, layer, look)
        labels = [str(unit) for unit in chosen]
    pictures, scores = look(chosen)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{layer.replace('/', '_')}_features.png"
    _draw(path, pictures, labels, scores[-1], layer)
    return [
        {
            "layer": layer,
            "unit": label,
            "score_before": round(float(scores[0, i]), 4),
            "score": round(float(scores[-1, i]), 4),
            "picture": str(path),
        }
        for i, label in enumerate(labels)
    ]


def _units(text):
    try:
        return [int(unit) for unit in text.split(",")]
    except ValueError:
        raise WrongRequest(
            "units are ints with commas between: LAYER:0,5,7. "
            f"Received: {text!r}"
        ) from None


def _first(app, layer, look):
    """The first units of a layer."""
    count = PictureUnits(app, layer, look.output, look.size).count
    return [*range(min(_MANY, count))]


def _draw(path, pictures, labels, scores, layer):
    from PIL import Image

    shown = displayable(pictures)
    captions = [
        f"{label}\n{score:.3g}"
        for label, score in zip(labels, scores, strict=True)
    ]
    starts = range(0, len(shown), _COLUMNS)
    sheet = captioned_grid(
        [[*shown[i : i + _COLUMNS]] for i in starts],
        [captions[i : i + _COLUMNS] for i in starts],
        f"what excites {layer} most",
        tile=128,
    )
    Image.fromarray(sheet).save(path)

import ast
import inspect
from pathlib import Path

import numpy as np

from keras_nn import data
from keras_nn import explain
from keras_nn.applications.picture_files import how_to_read
from keras_nn.applications.picture_files import picture_files
from keras_nn.applications.unknown_choice import UnknownChoice
from keras_nn.applications.unknown_choice import WrongRequest
from keras_nn.callbacks.drawing import captioned_grid
from keras_nn.data.displayable import displayable
from keras_nn.explain.attribute import EXPLAINERS
from keras_nn.explain.attribute import METHODS
from keras_nn.explain.attribute import explainer_for
from keras_nn.explain.heat_map import overlay

_TILE = 320


def explain_pictures(
    app, path, folder, method="integrated-gradients", label=None, settings=None
):
    """Draws why a classifier said what it said of pictures in files.

    For each picture a PNG file shows the picture, what in it speaks for the
    class, and, for methods that tell, what speaks against it.

    Args:
        app: `ImageClassifier`, trained.
        path: str. A picture, or a folder of pictures.
        folder: path. Where to write; made if it is missing.
        method: str. One of `keras_nn.explain.attribute`. Defaults to
            `"integrated-gradients"`.
        label: str or None. The class to explain. None means the predicted
            one. Defaults to None.
        settings: dict of str, options of the method as text, or None. For
            methods that take features away `superpixels` is about how many
            regions of like colour a picture is cut into, or `patches` how
            many squares a side of it; by default squares.

    Returns:
        A list of dicts, one a picture: `file`, `label` (the one explained),
        `probability`, `convergence_delta` if there is one, and `picture`.

    Raises:
        WrongRequest: on a method, a label or a setting that there is not.
        ValueError: on unreadable pictures.
    """
    if method not in METHODS:
        raise UnknownChoice("method", method, METHODS)
    names = app.class_names or [str(i) for i in range(app.num_classes)]
    if label is not None and label not in names:
        raise UnknownChoice("label", label, names)
    settings = dict(settings or {})
    regions = settings.pop("superpixels", None)
    explainer = _explainer(app, method, settings)
    regions = _checked_regions(regions, explainer, settings)
    files = picture_files(path)
    reader = data.ImageReader(**how_to_read(app.input_shape))
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for start in range(0, len(files), 16):
        part = files[start : start + 16]
        pictures = np.stack([reader(file) for file in part])
        probabilities = app.predict(pictures, verbose=0)
        targets = None if label is None else names.index(label)
        found = _explained(explainer, pictures, targets, regions)
        shown = displayable(pictures)
        for i, file in enumerate(part):
            target = int(found.targets[i])
            row = {
                "file": file,
                "label": names[target],
                "probability": round(float(probabilities[i, target]), 6),
            }
            if found.convergence_delta is not None:
                delta = float(found.convergence_delta[i])
                row["convergence_delta"] = round(delta, 6)
            number = start + i
            name = f"{number:04d}_{Path(file).stem}_{method}.png"
            _draw(folder / name, shown[i], found, i, row)
            rows.append({**row, "picture": str(folder / name)})
    return rows


def _checked_regions(text, explainer, settings):
    """The number of superpixels, or None."""
    if text is None:
        return None
    regions = _value(text)
    if not isinstance(regions, int) or regions < 1:
        raise WrongRequest(
            "`superpixels` must be a positive int. "
            f"Received: superpixels={text}"
        )
    if not hasattr(explainer, "feature_mask") or "patches" in settings:
        raise WrongRequest(
            "`superpixels` are for methods that take features away, in place "
            f"of `patches`. Received: {explainer.method}, {settings}"
        )
    return regions


def _explained(explainer, pictures, targets, regions):
    """Explanations of pictures, each with regions of its own if asked."""
    if regions is None:
        return explainer(pictures, targets)
    found = []
    for picture in pictures:
        explainer.feature_mask = explain.superpixels(picture, regions)
        found.append(explainer(picture[None], targets))
    deltas = [one.convergence_delta for one in found]
    return explain.Explanation(
        np.concatenate([one.attributions for one in found]),
        explainer.method,
        np.concatenate([one.targets for one in found]),
        None if deltas[0] is None else np.concatenate(deltas),
    )


def _explainer(app, method, settings):
    """The explainer, its options made from text."""
    options = {name: _value(text) for name, text in settings.items()}
    cls = EXPLAINERS.get(method)
    known = set() if cls is None else {*inspect.signature(cls).parameters}
    takes_features = "feature_mask" in known
    if takes_features:
        height, width = app.input_shape[1:3]
        default = 4 if method == "shapley-values" else 8
        patches = options.pop("patches", default)
        if not isinstance(patches, int) or patches < 1:
            raise WrongRequest(
                f"`patches` must be a positive int. Received: {patches=}"
            )
        side = -(-max(height, width) // patches)
        options["feature_mask"] = explain.grid_features(
            app.input_shape[1:], side
        )
    try:
        return explainer_for(app, method, **options)
    except TypeError as error:
        choices = sorted(known - {"model", "kwargs", "feature_mask"})
        raise WrongRequest(
            f"{method} takes the settings {choices}"
            f"{' and patches' if takes_features else ''}. "
            f"Received: {settings}"
        ) from error


def _draw(path, picture, found, index, row):
    from PIL import Image

    one = type(found)(
        _of_one(found.attributions, index), found.method, found.targets
    )
    tiles = [picture, overlay(picture, one.maps()[0], _TILE)]
    captions = ["the picture", f"for {row['label']}\n{found.method}"]
    if one.maps("negative").any():
        tiles.append(overlay(picture, one.maps("negative")[0], _TILE))
        captions.append(f"against {row['label']}\n{found.method}")
    title = f"{row['label']} ({row['probability']:.1%})"
    sheet = captioned_grid([tiles], [captions], title, tile=_TILE)
    Image.fromarray(sheet).save(path)


def _of_one(attributions, index):
    return np.asarray(attributions)[index : index + 1]


def _value(text):
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text

import ast
import inspect
from pathlib import Path

import keras
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

_TILE = 320
_FRAME_TILE = 160
_FRAMES = 8  # of a clip are drawn
_NUMBERS = 2**20  # of inputs that a network sees at once


def explain_pictures(
    app,
    path,
    folder,
    method="integrated-gradients",
    label=None,
    settings=None,
    model=None,
    files=picture_files,
    read=None,
):
    """Draws why an application said what it said of pictures in files.

    For each picture a PNG file shows the picture, what in it speaks for the
    class, and, for methods that tell, what speaks against it. Of a clip it
    shows frames, 8 at most.

    Args:
        app: application of pictures or clips with `num_classes` and
            `class_names`, trained.
        path: str. A picture, or a folder of pictures.
        folder: path. Where to write; made if it is missing.
        method: str. One of `keras_nn.explain.attribute`. Defaults to
            `"integrated-gradients"`.
        label: str or None. The class to explain. None means the predicted
            one. Defaults to None.
        settings: dict of str, options of the method as text, or None. For
            methods that take features away `superpixels` is about how many
            regions of like colour a picture is cut into, or `patches` how
            many squares a side of it; by default squares. Those of a clip go
            through all its frames.
        model: `keras.Model` to probabilities `(batch, ..., classes)`, which
            are averaged over positions: what is explained. Defaults to the
            application.
        files: callable from the path to a list of str. Defaults to the
            pictures under it.
        read: callable from one of these to an array that the model takes.
            Defaults to pictures of the application's size.

    Returns:
        A list of dicts, one a picture: `file`, `label` (the one explained),
        `probability`, `convergence_delta` if there is one, and `picture`.

    Raises:
        WrongRequest: on a method, a label or a setting that there is not.
        ValueError: on unreadable pictures.
    """
    if method not in METHODS:
        raise UnknownChoice("method", method, METHODS)
    names = label_names(app, label)
    model = model or app
    settings = dict(settings or {})
    explainer, features = explainer_of(model, method, settings)
    read = read or data.ImageReader(**how_to_read(app.input_shape))
    target = None if label is None else names.index(label)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    # Together only what is of one size and has the same features.
    alike = None not in model.input_shape[1:] and "superpixels" not in settings
    rows = []
    for part in _portions(files(path), 16 if alike else 1):
        x = np.stack([read(file) for file in part])
        if features is not None:
            explainer.feature_mask = features(x[0])
        found = explainer(x, target)
        for i, file in enumerate(part):
            one = _example(found, i)
            row = _row(file, one, model, x[i : i + 1], names)
            name = f"{len(rows):04d}_{Path(file).stem}_{method}.png"
            _draw(folder / name, x[i : i + 1], one, row)
            rows.append({**row, "picture": str(folder / name)})
    return rows


def label_names(app, label=None):
    """What the outputs of a classifier stand for: a list of str.

    Args:
        app: application with `num_classes` and `class_names`.
        label: str or None. Must be one of them, if it is given.

    Raises:
        UnknownChoice: if it is not.
    """
    names = app.class_names or [str(i) for i in range(app.num_classes)]
    if label is not None and label not in names:
        raise UnknownChoice("label", label, names)
    return names


def _portions(files, size):
    return [files[i : i + size] for i in range(0, len(files), size)]


def _example(found, index):
    """The explanation of one example."""
    delta = found.convergence_delta
    one = slice(index, index + 1)
    return explain.Explanation(
        np.asarray(found.attributions)[one],
        found.method,
        found.targets[one],
        None if delta is None else delta[one],
    )


def _row(file, found, model, x, names):
    chosen = int(found.targets[0])
    shares = np.asarray(model(keras.ops.convert_to_tensor(x)))
    share = shares.reshape(-1, shares.shape[-1]).mean(axis=0)[chosen]
    row = {
        "file": file,
        "label": names[chosen],
        "probability": round(float(share), 6),
    }
    if found.convergence_delta is not None:
        row["convergence_delta"] = round(float(found.convergence_delta[0]), 6)
    return row


def explainer_of(model, method, settings):
    """The explainer, its options made from text, and what finds features."""
    options = {name: setting_value(text) for name, text in settings.items()}
    cls = EXPLAINERS.get(method)
    known = set() if cls is None else {*inspect.signature(cls).parameters}
    features = None
    regions = options.pop("superpixels", None)
    if regions is not None:
        _check_regions(regions, known, settings, method, model)
        features = _superpixels_of(regions)
    elif "feature_mask" in known:
        default = 4 if method == "shapley-values" else 8
        features = _squares_of(options.pop("patches", default))
    size = np.prod([side or 256 for side in model.input_shape[1:]])
    options.setdefault("batch_size", int(np.clip(_NUMBERS // size, 1, 64)))
    try:
        return explainer_for(model, method, **options), features
    except TypeError as error:
        choices = sorted(known - {"model", "kwargs", "feature_mask"})
        raise WrongRequest(
            f"{method} takes the settings {choices}"
            f"{' and patches' if 'feature_mask' in known else ''}. "
            f"Received: {settings}"
        ) from error


def _check_regions(regions, known, settings, method, model):
    if not isinstance(regions, int) or regions < 1:
        raise WrongRequest(
            "`superpixels` must be a positive int. "
            f"Received: superpixels={regions}"
        )
    pictures = len(model.input_shape) == 4
    if "feature_mask" not in known or "patches" in settings or not pictures:
        raise WrongRequest(
            "`superpixels` are of pictures, for methods that take features "
            f"away, in place of `patches`. Received: {method}, {settings}"
        )


def _superpixels_of(regions):
    return lambda picture: explain.superpixels(picture, regions)


def _squares_of(patches):
    if not isinstance(patches, int) or patches < 1:
        raise WrongRequest(
            f"`patches` must be a positive int. Received: {patches=}"
        )

    def features(x):
        *_, height, width, channels = x.shape
        side = -(-max(height, width) // patches)
        return explain.grid_features((height, width, channels), side)

    return features


def _draw(path, inputs, found, row):
    """Writes the picture and its maps side by side, or a clip's in rows."""
    from PIL import Image

    clip = inputs.ndim == 5
    tile = _FRAME_TILE if clip else _TILE
    shown = displayable(inputs.reshape(-1, *inputs.shape[-3:]))
    title = "a frame" if clip else "the picture"
    rows = [(shown, title)]
    for sign, words in (("positive", "for"), ("negative", "against")):
        if sign == "negative" and not found.maps(sign).any():
            continue
        drawn = found.pictures(inputs, sign, tile)
        drawn = drawn.reshape(-1, *drawn.shape[-3:])
        rows.append((drawn, f"{words} {row['label']}\n{found.method}"))
    count = len(shown)
    some = np.linspace(0, count - 1, min(count, _FRAMES)).round().astype(int)
    pictures = [[part[i] for i in some] for part, _ in rows]
    captions = [[words] * len(some) for _, words in rows]
    if not clip:
        pictures = [[one for (one,) in pictures]]
        captions = [[one for (one,) in captions]]
    title = f"{row['label']} ({row['probability']:.1%})"
    sheet = captioned_grid(pictures, captions, title, tile=tile)
    Image.fromarray(sheet).save(path)


def setting_value(text):
    """A setting's text as a Python value, or as it is."""
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text

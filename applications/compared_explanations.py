"""Several methods on the same pictures, and how far each can be trusted."""

from pathlib import Path

import numpy as np

from keras_nn import data
from keras_nn import explain
from keras_nn.applications.picture_explanations import explainer_of
from keras_nn.applications.picture_explanations import label_names
from keras_nn.applications.picture_explanations import setting_value
from keras_nn.applications.picture_files import picture_files
from keras_nn.applications.unknown_choice import UnknownChoice
from keras_nn.applications.unknown_choice import WrongRequest
from keras_nn.callbacks.drawing import captioned_grid
from keras_nn.data.displayable import displayable
from keras_nn.explain.attribute import METHODS

_TILE = 220
_RADIUS = 0.02  # of the range of a picture
_GONE = 0.3  # of the positions, for infidelity
_STEPS = {"steps": 20, "samples": 4}


def compare_explanations(app, path, folder, methods, label=None, settings=None):
    """Draws what several methods say of pictures, one row a method.

    Beside each stand four measures of how well it says so: the areas below
    the probability as what matters most is deleted (small is good) and
    inserted (large is good); infidelity, how badly the sums of what is said of
    random pixels foretell how the logit falls without them (small is good;
    a method's scale does not matter); and sensitivity to changes of 2 % of
    the picture's range (small is good).

    Args:
        app: application of pictures with `num_classes` and `class_names`,
            trained.
        path: str. A picture, or a folder of pictures.
        folder: path. Where to write; made if it is missing.
        methods: list of str, of `keras_nn.explain.attribute`, with their
            default options.
        label: str or None. The class to explain. None means the predicted
            one.
        settings: dict of str, or None: `steps` of the curves, 20 by default;
            `samples` of infidelity and sensitivity, 4 by default.

    Returns:
        A list of dicts, one a picture and method: `file`, `label`, `method`,
        `deletion`, `insertion`, `infidelity`, `sensitivity` and `picture`.

    Raises:
        WrongRequest: on a method, a label or a setting that there is not.
        ValueError: on unreadable pictures.
    """
    for method in methods:
        if method not in METHODS:
            raise UnknownChoice("method", method, METHODS)
    names = label_names(app, label)
    counts = _counts(settings)
    read = data.ImageReader(**app.reading)
    makers = {method: explainer_of(app, method, {}) for method in methods}
    judges = explain.Saliency(app, linear=False), explain.Saliency(app)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for number, file in enumerate(picture_files(path)):
        x = read(file)[None]
        target = None if label is None else names.index(label)
        if target is None:
            target = int(np.asarray(app(x.astype("float32"))).argmax())
        found, measured = [], []
        for explainer, features in makers.values():
            if features is not None:
                explainer.feature_mask = features(x[0])
            found.append(explainer(x, target))
            measured.append(
                _measured(explainer, judges, x, target, found[-1], **counts)
            )
        picture = folder / f"{number:04d}_{Path(file).stem}_compared.png"
        _draw(picture, x, names[target], methods, found, measured)
        rows += [
            {
                "file": file,
                "label": names[target],
                "method": method,
                **values,
                "picture": str(picture),
            }
            for method, values in zip(methods, measured, strict=True)
        ]
    return rows


def _counts(settings):
    given = {k: setting_value(v) for k, v in (settings or {}).items()}
    for name, value in given.items():
        if name not in _STEPS:
            raise UnknownChoice("setting", name, _STEPS)
        if not isinstance(value, int) or value < 1:
            raise WrongRequest(
                f"`{name}` must be a positive int. Received: {name}={value}"
            )
    return {**_STEPS, **given}


def _measured(explainer, judges, x, target, found, steps, samples):
    """Four measures of an explanation, as a dict of floats."""
    attributions = np.broadcast_to(found.attributions, x.shape)
    span = max(float(np.ptp(x)), 1e-6)
    areas = [
        explain.deletion_curve(
            judges[0], x, attributions, target, steps=steps, insert=insert
        ).mean()
        for insert in (False, True)
    ]
    unfaithful = explain.infidelity(
        judges[1],
        x,
        attributions,
        target,
        perturb=_without_some,
        n_perturb_samples=10 * samples,
        normalize=True,
    )
    moved = explain.sensitivity_max(
        explainer,
        x,
        target,
        perturb_radius=_RADIUS * span,
        n_perturb_samples=samples,
    )
    names = ("deletion", "insertion", "infidelity", "sensitivity")
    values = (*areas, unfaithful[0], moved[0])
    return {
        name: float(f"{value:.4g}")
        for name, value in zip(names, values, strict=True)
    }


def _without_some(generator, arrays):
    """Random positions are gone: which, and what is left."""
    (x,) = arrays
    gone = generator.uniform(size=(*x.shape[:-1], 1)) < _GONE
    gone = np.broadcast_to(gone, x.shape).astype("float32")
    return [gone], [x * (1 - gone)]


def _draw(path, x, label, methods, found, measured):
    from PIL import Image

    shown = displayable(x)[0]
    rows, captions = [], []
    triples = zip(methods, found, measured, strict=True)
    for method, one, values in triples:
        rows.append(
            [
                shown,
                one.pictures(x, "positive", _TILE)[0],
                one.pictures(x, "negative", _TILE)[0],
            ]
        )
        captions.append(
            [
                f"{method}\nsensitivity {values['sensitivity']:.3g}",
                f"for {label}\ndeletion {values['deletion']:.3f}, "
                f"insertion {values['insertion']:.3f}",
                f"against {label}\ninfidelity {values['infidelity']:.3g}",
            ]
        )
    sheet = captioned_grid(rows, captions, f"why {label}?", tile=_TILE)
    Image.fromarray(sheet).save(path)

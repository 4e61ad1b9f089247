import dataclasses
import functools

from keras_nn.data import bccd
from keras_nn.data import carried
from keras_nn.data import cifar
from keras_nn.data import digits_in_ink
from keras_nn.data import isbi2012
from keras_nn.data import made_up_points
from keras_nn.data import mnist
from keras_nn.data import moving_shapes
from keras_nn.data import photographs
from keras_nn.data import shaded_shapes
from keras_nn.data import shapes
from keras_nn.data.graphs import esol
from keras_nn.data.graphs import made_up_sets
from keras_nn.data.graphs import mutag
from keras_nn.data.graphs import planetoid
from keras_nn.data.graphs.karate_club import karate_club
from keras_nn.data.text import multi30k
from keras_nn.data.text import texts
from keras_nn.data.text.docstring_summaries import docstring_summaries
from keras_nn.data.text.docstrings import docstrings
from keras_nn.data.text.python_names import python_names
from keras_nn.data.text.rt_polarity import rt_polarity
from keras_nn.data.text.signature_questions import signature_questions
from keras_nn.data.text.wnut17 import wnut17
from keras_nn.data.text.written_numbers import written_numbers

CARRIED = {
    "breast-cancer": carried.breast_cancer,
    "communities": made_up_sets.communities_set,
    "cycles-or-not": made_up_sets.cycles_or_not_set,
    "diabetes": carried.diabetes,
    "digit-patterns": made_up_points.digit_patterns,
    "digits": carried.digits,
    "digits-in-ink": digits_in_ink.digits_in_ink,
    "docstrings": docstrings,
    "iris": carried.iris,
    "karate-club": karate_club,
    "molecules-like": made_up_sets.molecules_like_set,
    "moving-shapes": moving_shapes.moving_shapes,
    "photographs": photographs.photographs,
    "photographs-x2": functools.partial(photographs.reduced_photographs, 2),
    "photographs-x3": functools.partial(photographs.reduced_photographs, 3),
    "photographs-x4": functools.partial(photographs.reduced_photographs, 4),
    "shaded-shapes": shaded_shapes.shaded_shapes,
    "shapes": shapes.shapes,
    "shapes-boxes": shapes.shapes_with_boxes,
    "shapes-labels": shapes.shapes_with_labels,
    "two-moons": made_up_points.two_moons,
    "wine": carried.wine,
}
DOWNLOADED = {
    "bccd": bccd.bccd,
    "cifar10": cifar.cifar10,
    "cifar100": cifar.cifar100,
    "cora": planetoid.cora,
    "esol": esol.esol,
    "fashion-mnist": mnist.fashion_mnist,
    "isbi2012": isbi2012.isbi2012,
    "mnist": mnist.mnist,
    "mutag": mutag.mutag,
    "rt-polarity": rt_polarity,
    "wnut17": wnut17,
}
TEXTS = {
    "docstring-summaries": docstring_summaries,
    "multi30k-en-de": multi30k.multi30k,
    "python-docs": texts.python_docs,
    "python-names": python_names,
    "signature-questions": signature_questions,
    "tinyshakespeare": texts.tinyshakespeare,
    "written-numbers": written_numbers,
}


def load(name, path=None, seed=0, validation_fraction=0.1):
    """A named data set in its official split.

    Sets that scikit-learn carries (`breast-cancer`, `diabetes`, `digits`,
    `iris`, `wine`) need no file; they have no official split, so a fifth of
    them, always the same, is the test set. `shapes` (pictures with masks),
    `shapes-boxes` (with boxes) and `shapes-labels` (with the kinds of shapes
    in them), the clips of `moving-shapes` and the points of
    `two-moons` are drawn on the fly, as are label maps and the pictures painted
    after them of `shaded-shapes`; `digit-patterns` are ten of the digits, and
    `digits-in-ink` digits in chalk and others in ink;
    `photographs` are squares of two photographs that scikit-learn carries,
    `photographs-x2`, `-x3` and `-x4` the same reduced and as they were;
    Python carries the texts
    `python-docs` and `python-names`, the installed packages carry
    `docstrings`, `docstring-summaries` and `signature-questions`; `bccd`, a
    folder of 732 files, is put in place by the user. The others are fetched
    once from a pinned public URL, verified by sha256 whenever they are read,
    and kept in `KERAS_HOME/datasets/<name>/` (`~/.keras` in place of
    `KERAS_HOME`). The parts of one graph
    (`communities`, `cora`, `karate-club`) are `graphs.NodeSplit`s with a
    validation set of their own; sets of many graphs (`cycles-or-not`, `esol`,
    `molecules-like`, `mutag`) are `graphs.GraphSplit`s. Texts are str, one an
    example; the pairs of `written-numbers` are made up.

    Args:
        name: str. One of `names()`.
        path: optional str. A folder where the official files lie; then
            nothing is fetched. They are verified all the same.
        seed: int. Draws the validation set.
        validation_fraction: float. Share of the official training examples
            that becomes the validation set, class by class. With 0 the
            validation set is `None` and the training set is the official one.

    Returns:
        A `Splits`. Pictures are uint8 of shape `(n, height, width, channels)`
        from 0 to 255, rows of a table float32 of shape `(n, features)`,
        classes int64 and other targets float32 of shape `(n,)`, masks uint8
        of shape `(n, height, width)`, boxes float32 of shape `(n, most, 5)`
        (see `from_voc`), several labels a picture float32 of 0 and 1,
        `(n, labels)`; texts are `TextSplit`s in fixed parts, pairs of
        texts `TextPairs`.

    Raises:
        ValueError: If there is no set of that name, or a file is damaged.
        FileNotFoundError: If a file is absent and cannot be fetched; the text
            names the URL, the file, its sha256 and where to put it.

    Example:

    >>> digits = load("digits")
    >>> digits.train, digits.num_classes
    (Split(1294 examples of shape (8, 8, 1)), 10)
    >>> len(digits.validation), len(digits.test)
    (144, 359)
    """
    if name not in names():
        raise ValueError(
            f"`name` must be one of {', '.join(names())}. Received: {name!r}"
        )
    if name in TEXTS:  # all of them in fixed parts
        return TEXTS[name](path)
    if name in DOWNLOADED:
        splits = DOWNLOADED[name](path)
    elif path is None:
        splits = CARRIED[name]()
    else:
        raise ValueError(
            f"`{name}` needs no file and is not read from a folder. "
            f"Received: {path=}"
        )
    if not validation_fraction or splits.validation is not None:
        return splits
    train, validation = splits.train.split(validation_fraction, seed)
    return dataclasses.replace(
        splits,
        train=train,
        validation=validation,
        description=f"{splits.description} Validation set: {len(validation)} "
        f"of the {len(splits.train)} training examples, drawn with {seed=}.",
    )


def names():
    """The names that `load` knows, sorted.

    >>> "digits" in names()
    True
    """
    return sorted([*CARRIED, *DOWNLOADED, *TEXTS])

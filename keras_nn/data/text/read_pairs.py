import gzip
import json
import os
import zlib
from pathlib import Path

from keras_nn.data.splits import Splits
from keras_nn.data.text.labelled_texts import read_table
from keras_nn.data.text.read_text import decoded_text
from keras_nn.data.text.text_pairs import TextPairs

KEYS = "source", "target"
PARTS = {  # what files of a part may be called
    "train": ("train", "training"),
    "validation": ("val", "valid", "validation", "dev"),
    "test": ("test", "test_2016_flickr"),
}


def read_pairs(path, source="source", target="target"):
    """The pairs of a file, or of two files whose lines belong together.

    - `.jsonl`: an object a line, with the keys `source` and `target` (the
      names of the arguments);
    - two aligned files: `path` is what their names begin with, as `data/train`
      for `data/train.en` and `data/train.de` with `source="en"`,
      `target="de"`, gzipped (`.gz`) or not;
    - `.csv`: a table with the columns `source` and `target`, by its header;
    - any other file: source, tab, target, a pair a line.

    Files are UTF-8. Empty lines at the end do not count; of a pair neither
    side may be empty.

    Args:
        path: str or path.
        source: str. The key, the column, or the ending, of the sources.
        target: str. That of the targets.

    Returns:
        `TextPairs`.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: naming file and line, if a line is no pair, or a file is
            empty, no UTF-8 or of another length than its partner.

    Example:

    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "a.tsv"
    >>> _ = path.write_text("a man\\tein Mann\\na dog\\tein Hund\\n")
    >>> read_pairs(path).targets
    ['ein Mann', 'ein Hund']
    """
    path = os.fspath(path)
    if not os.path.isfile(path):
        files = [_found(f"{path}.{ending}") for ending in (source, target)]
        if None in files:
            raise FileNotFoundError(
                "Pairs are a .tsv, .jsonl or .csv file, or two files with "
                f"lines that belong together, {path}.{source} and "
                f"{path}.{target}. Received: {path}"
            )
        sides = [_lines(file) for file in files]
        if len(sides[0]) != len(sides[1]):
            raise ValueError(
                "Aligned files must have as many lines. Received: "
                f"{len(sides[0])} lines in {files[0]} and {len(sides[1])} in "
                f"{files[1]}"
            )
        pairs, where = list(zip(*sides, strict=True)), files[0]
    elif path.endswith(".csv"):
        table = read_table(Path(path), source, target)
        pairs, where = list(zip(*table, strict=True)), path
    else:
        lines, where = _lines(path), path
        read = _json_pair if path.endswith((".jsonl", ".jsonl.gz")) else _pair
        pairs = [
            read(line, number, path, source, target)
            for number, line in enumerate(lines, 1)
        ]
    for number, pair in enumerate(pairs, 1):
        if not all(side.strip() for side in pair):
            raise ValueError(
                "Neither side of a pair may be empty. Received: line "
                f"{number} of {where}: {pair!r}"
            )
    return TextPairs(*zip(*pairs, strict=True))


def pairs_from_path(
    path, validation_fraction, test_fraction, seed, source, target
):
    """Your own pairs in parts for training, validation and test.

    A folder with files `train.*` is read part by part (`val` or `dev`,
    `test`); what is missing, and the parts of a single file, are drawn.

    Args:
        path: str. What `read_pairs` reads, or a folder.
        validation_fraction: float. Share of the pairs.
        test_fraction: float. Share of the pairs.
        seed: int. Of the draw.
        source: str. As in `read_pairs`.
        target: str. Likewise.

    Returns:
        `Splits` of `TextPairs`.

    Example:

    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp(), "pairs.tsv")
    >>> _ = path.write_text("".join(f"{i}\\tn{i}\\n" for i in range(10)))
    >>> splits = pairs_from_path(str(path), 0.1, 0.1, 0, "source", "target")
    >>> len(splits.train), len(splits.validation), len(splits.test)
    (8, 1, 1)
    """
    parts = {"validation": None, "test": None}
    if os.path.isdir(path):
        for part, names in PARTS.items():
            file = _part(path, names, source, target)
            parts[part] = file and read_pairs(file, source, target)
        train = parts.pop("train")
        if train is None:
            raise FileNotFoundError(
                "A folder of pairs holds train.tsv, .jsonl, .csv or "
                f"train.{source} and train.{target}. Received: {path}"
            )
    else:
        train = read_pairs(path, source, target)
    drawn = [part for part, pairs in parts.items() if pairs is None]
    if parts["test"] is None:
        train, parts["test"] = train.split(test_fraction, seed)
        validation_fraction /= 1 - test_fraction
    if parts["validation"] is None:
        train, parts["validation"] = train.split(validation_fraction, seed)
    return Splits(
        train,
        **parts,
        name=os.path.basename(os.path.abspath(path)),
        source=os.fspath(path),
        description=f"Pairs of texts; drawn from the training pairs with "
        f"{seed=}: {', '.join(drawn) or 'nothing'}.",
    )


def _part(folder, names, source, target):
    for name in names:
        whole = os.path.join(folder, name)
        for ending in (".tsv", ".jsonl", ".csv", ".tsv.gz", ".jsonl.gz"):
            if os.path.isfile(whole + ending):
                return whole + ending
        if _found(f"{whole}.{source}") and _found(f"{whole}.{target}"):
            return whole
    return None


def _found(path):
    return next((p for p in (path, path + ".gz") if os.path.isfile(p)), None)


def _lines(path):
    with open(path, "rb") as stream:
        content = stream.read()
    if path.endswith(".gz"):
        try:
            content = gzip.decompress(content)
        except (OSError, EOFError, zlib.error) as error:
            raise ValueError(
                f"{path} is not a whole gzip file ({error}). Received: "
                f"{len(content)} bytes"
            ) from error
    return split_lines(decoded_text(content, path))


def split_lines(text):
    """Lines of a text whose ends are `\\n`, without empty ones at the end."""
    return text.rstrip("\n").split("\n")


def _pair(line, number, path, source, target):
    sides = line.split("\t")
    if len(sides) != 2:
        raise ValueError(
            "A line must be source, tab, target. Received: "
            f"{len(sides) - 1} tabs in line {number} of {path}"
        )
    return tuple(sides)


def _json_pair(line, number, path, source, target):
    try:
        pair = json.loads(line)
        sides = pair[source], pair[target]
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(
            f"A line must be a JSON object with `{source}` and `{target}`. "
            f"Received: line {number} of {path} ({error!r})"
        ) from None
    for side in sides:
        if not isinstance(side, str):
            raise ValueError(
                "Both sides of a pair must be str. Received: "
                f"{type(side).__name__} in line {number} of {path}"
            )
    return sides

"""Questions in the format of SQuAD, versions 1.1 and 2.0."""

import json
import os

from keras_nn.data.splits import Splits
from keras_nn.data.text.questions import Questions
from keras_nn.data.text.read_text import read_text

PARTS = {  # what the names of files begin with
    "train": ("train",),
    "validation": ("dev", "val"),
    "test": ("test",),
}


def read_squad(path):
    """The questions of one file.

    `{"data": [{"paragraphs": [{"context": str, "qas": [{"question": str,
    "answers": [{"text": str, "answer_start": int}], "is_impossible":
    bool}]}]}]}`; a question without answers, or one that `is_impossible`, has
    none in its context.

    Args:
        path: str or path. A `.json` file in UTF-8.

    Returns:
        `Questions`.

    Raises:
        ValueError: naming the file and the place in it, if it is of another
            format, or an answer does not stand in its context.

    Example:

    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "a.json"
    >>> answers = [{"text": "Ada", "answer_start": 0}]
    >>> qas = [{"question": "Who?", "answers": answers}]
    >>> paragraph = {"context": "Ada wrote it.", "qas": qas}
    >>> _ = path.write_text(json.dumps({"data": [{"paragraphs": [paragraph]}]}))
    >>> read_squad(path).answers
    [[('Ada', 0)]]

    Reference:
        [Rajpurkar et al., 2018](https://arxiv.org/abs/1806.03822)
    """
    questions, contexts, answers = [], [], []
    where = "data"
    try:
        for a, article in enumerate(json.loads(read_text(path))["data"]):
            for p, paragraph in enumerate(article["paragraphs"]):
                for q, one in enumerate(paragraph["qas"]):
                    where = f"data[{a}].paragraphs[{p}].qas[{q}]"
                    right = [
                        (str(answer["text"]), int(answer["answer_start"]))
                        for answer in one.get("answers", ())
                    ]
                    questions.append(str(one["question"]))
                    contexts.append(str(paragraph["context"]))
                    answers.append([] if one.get("is_impossible") else right)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        if "UTF-8" in str(error) or "must not be empty" in str(error):
            raise
        raise ValueError(
            "Questions must be JSON in the format of SQuAD. Received: "
            f"{path}, {where} ({error!r})"
        ) from error
    try:
        return Questions(questions, contexts, answers)
    except ValueError as error:
        raise ValueError(f"{error}, in {path}") from None


def questions_from_path(path, validation_fraction, test_fraction, seed):
    """Your own questions in parts for training, validation and test.

    Args:
        path: str. A file, or a folder of files whose names begin with
            `train`, `dev` or `val`, `test`. Missing parts are drawn, context
            by context.
        validation_fraction: float. Share of the contexts.
        test_fraction: float. Share of the contexts.
        seed: int. Of the draw.

    Returns:
        `Splits` of `Questions`.

    Raises:
        FileNotFoundError: if there is nothing to train on.

    Example:

    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "a.json"
    >>> qas = [{"question": "Who?", "answers": []}]
    >>> texts = [{"context": f"Text {i}.", "qas": qas} for i in range(10)]
    >>> _ = path.write_text(json.dumps({"data": [{"paragraphs": texts}]}))
    >>> splits = questions_from_path(str(path), 0.1, 0.2, 0)
    >>> len(splits.train), len(splits.validation), len(splits.test)
    (7, 1, 2)
    """
    parts = {"validation": None, "test": None}
    if os.path.isdir(path):
        files = sorted(f for f in os.listdir(path) if f.endswith(".json"))
        for part, names in PARTS.items():
            found = [f for f in files if f.lower().startswith(names)]
            parts[part] = found and read_squad(os.path.join(path, found[0]))
        if not parts.get("train"):
            raise FileNotFoundError(
                "A folder of questions holds a file train*.json. Received: "
                f"{path} with {files[:5]}"
            )
        train = parts.pop("train")
    elif os.path.isfile(path):
        train = read_squad(path)
    else:
        raise FileNotFoundError(f"There is no such path. Received: {path}")
    if not parts["test"]:
        train, parts["test"] = train.split(test_fraction, seed)
        validation_fraction /= 1 - test_fraction
    if not parts["validation"]:
        train, parts["validation"] = train.split(validation_fraction, seed)
    return Splits(
        train,
        **parts,
        name=os.path.basename(os.path.abspath(path)),
        source=os.fspath(path),
        description="Questions about texts; parts that are no files of their "
        f"own are drawn by context with {seed=}.",
    )

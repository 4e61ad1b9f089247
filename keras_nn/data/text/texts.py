"""Texts for language models: carried by Python, or read from files."""

import os

from keras_nn.data.download import RemoteFile
from keras_nn.data.download import read
from keras_nn.data.splits import Splits
from keras_nn.data.text.read_text import read_text
from keras_nn.data.text.text_split import TextSplit

# The address that nanoGPT's `prepare.py` names.
TINYSHAKESPEARE = RemoteFile(
    "https://raw.githubusercontent.com/karpathy/char-rnn/master/data/"
    "tinyshakespeare/input.txt",
    1115394,
    "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
)


def python_docs(path=None):
    """The reference texts of Python's `help()`, each of them once.

    Topics whose text is also part of another one are left out. Of every ten
    others by name the fifth is for validation, the tenth for the test.
    """
    import pydoc_data.topics

    if path is not None:
        raise ValueError(
            "`python-docs` comes with Python and is not read from a folder. "
            f"Received: {path=}"
        )

    topics = _once(pydoc_data.topics.topics)
    parts = {"train": [], "validation": [], "test": []}
    for index, text in enumerate(topics):
        part = {4: "validation", 9: "test"}.get(index % 10, "train")
        parts[part].append(text)
    return Splits(
        **{name: TextSplit(texts) for name, texts in parts.items()},
        name="python-docs",
        source="pydoc_data.topics of the Python that runs (the text differs "
        "from version to version)",
        licence="PSF-2.0",
        description=f"{len(topics)} topics of Python's help(), without those "
        "that are part of others; single paragraphs still occur in two. No "
        "official split: of every ten topics by name the fifth is for "
        "validation, the tenth for the test.",
    )


def _once(topics):
    """The texts, by name, whose body is in no other text: a list of str."""
    bodies = {
        name: text.split("\n", 2)[2].strip()  # below title and underline
        for name, text in sorted(topics.items())
    }

    def is_part(name, other):
        body, whole = bodies[name], bodies[other]
        return body in whole and (body != whole or other < name)

    return [
        topics[name]
        for name in bodies
        if not any(is_part(name, other) for other in bodies if other != name)
    ]


def tinyshakespeare(path=None):
    """40,000 lines of Shakespeare, split as nanoGPT does: 90 % and 10 %.

    The test part is the validation part: there is no third.
    """
    text = read(TINYSHAKESPEARE, "tinyshakespeare", path).decode()
    cut = int(0.9 * len(text))
    train, rest = TextSplit([text[:cut]]), TextSplit([text[cut:]])
    return Splits(
        train,
        rest,
        rest,
        name="tinyshakespeare",
        source=TINYSHAKESPEARE.url,
        description="The first 90 % of the characters are for training. The "
        "last 10 % are for validation, and the test, too: the set has no "
        "third part, so nothing may be chosen by it.",
    )


def text_from_path(path, validation_fraction, test_fraction):
    """Your own text: the end is the test set, what is before it validates.

    Args:
        path: str. A UTF-8 file, or a folder of `.txt` files.
        validation_fraction: float. Share of the characters.
        test_fraction: float. Share of the characters.

    Returns:
        A `Splits`.

    Example:

    >>> import pathlib, tempfile
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "a.txt"
    >>> _ = path.write_text("to be or not to be: ")
    >>> splits = text_from_path(path, 0.1, 0.2)
    >>> splits.train.text, splits.validation.text, splits.test.text
    ('to be or not t', 'o ', 'be: ')
    """
    whole = TextSplit([read_text(path)])
    rest, test = whole.split(test_fraction)
    train, validation = rest.split(validation_fraction / (1 - test_fraction))
    return Splits(
        train,
        validation,
        test,
        name=os.path.basename(os.path.abspath(path)),
        source=os.fspath(path),
        description="One text after the other; the last characters are the "
        "test set, those before them the validation set.",
    )

"""Rare and emerging entities in texts of users: the shared task of 2017."""

import tempfile
from pathlib import Path

from keras_nn.data.download import RemoteFile
from keras_nn.data.download import read
from keras_nn.data.splits import Splits
from keras_nn.data.text.tagged_texts import read_conll
from keras_nn.data.text.tagged_texts import tag_names
from keras_nn.data.text.tagged_texts import tagged_split

_AT = (
    "https://raw.githubusercontent.com/leondz/emerging_entities_17/"
    "e52a2d2a71ac1a051ca2d532eef28653c5c02603/"
)
FILES = {
    "train": RemoteFile(
        _AT + "wnut17train.conll",
        493781,
        "731820e13f71af324c6b55a1575ec2ce59fbaa2a0806f8f0400b98d56cd6a7a5",
    ),
    "validation": RemoteFile(
        _AT + "emerging.dev.conll",
        114749,
        "e053b752b8155113ca66e7db08af5f2f5f43ab993694e4774f1ec5bad42312d8",
    ),
    "test": RemoteFile(
        _AT + "emerging.test.annotated",
        192425,
        "2aa79b764e56ec9264a1b30fdd9b70195bd00ff400b62edd8f399d5f13c178f0",
    ),
}


def wnut17(path=None):
    """3,394 texts to learn from, 1,009 to validate, 1,287 to test.

    Six types of entity: person, location, group, creative work, corporation,
    product. Hardly any name of the test part is in the training part.
    """
    parts = {
        part: _parsed(read(file, "wnut17", path))
        for part, file in FILES.items()
    }
    names = tag_names([parts["train"][1]])
    return Splits(
        **{part: tagged_split(*found, names) for part, found in parts.items()},
        class_names=names,
        name="wnut17",
        source=FILES["train"].url,
        licence="CC BY 4.0",
        description="Texts of Twitter, Reddit, YouTube and Stack Exchange, a "
        "tag for each word, in the official parts.",
    )


def _parsed(content):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "texts.conll")
        file.write_bytes(content)
        return read_conll(file)

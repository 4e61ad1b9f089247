"""Sentences of film reviews, for or against: Pang and Lee, 2005."""

from keras_nn.data.download import RemoteFile
from keras_nn.data.download import read
from keras_nn.data.splits import Splits
from keras_nn.data.text.labelled_texts import text_split

TEST_FRACTION = 0.1
# The repository of Kim's paper, at the commit of its last change.
_AT = (
    "https://raw.githubusercontent.com/yoonkim/CNN_sentence/"
    "23e0e1f7355705bb083043fda05c031b15acb38c/"
)
FILES = (
    RemoteFile(
        _AT + "rt-polarity.neg",
        612256,
        "4ace77d558c3714723843f1d65b60c01e3417b208180f0728808d76ad0eeeaca",
    ),
    RemoteFile(
        _AT + "rt-polarity.pos",
        626139,
        "2da124ec187a9d5a29c9f04e91c540e02baed5af8868f550a26bd6fd4dbf8bf0",
    ),
)


def rt_polarity(path=None, test_fraction=TEST_FRACTION):
    """5,331 sentences against a film and 5,331 for it.

    There is no official split; results are those of ten folds. Without
    folds a tenth, always the same, is the test set.
    """
    texts, labels = [], []
    for label, file in enumerate(FILES):
        content = read(file, "rt-polarity", path).decode("latin-1")
        # Lines end in \n alone: some hold the other line ends of Unicode.
        lines = [line.strip() for line in content.split("\n")]
        found = [line for line in lines if line]
        texts += found
        labels += [label] * len(found)
    train, test = text_split(texts, labels), None
    if test_fraction:
        train, test = train.split(test_fraction, seed=0)
    return Splits(
        train,
        None,
        test,
        class_names=("negative", "positive"),
        name="rt-polarity",
        source=FILES[1].url,
        description="Sentences of film reviews, for or against the film, in "
        "lower case, signs set apart. No official split: a tenth, drawn once "
        "and for all, is the test set; published results are means of ten "
        "folds.",
    )

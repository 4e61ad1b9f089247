"""What installed packages say of themselves, labelled by package."""

from keras_nn.data.carried import carried
from keras_nn.data.text.documented import PACKAGES
from keras_nn.data.text.documented import documented
from keras_nn.data.text.labelled_texts import text_split

PER_PACKAGE = 400
WORDS = (5, 60)  # fewest and most of a text


def docstrings():
    """First paragraphs of docstrings; the class is the package.

    The files of each package are read in an order that is drawn once and for
    all, up to 400 texts; no text occurs twice. Nothing is imported.
    """
    texts, labels, seen = [], [], set()
    for label, package in enumerate(PACKAGES):
        found = [text for text in _paragraphs(package) if text not in seen]
        seen.update(found)
        texts += found
        labels += [label] * len(found)
    return carried(
        text_split(texts, labels),
        class_names=PACKAGES,
        name="docstrings",
        source="docstrings of the installed packages (they differ from "
        "version to version)",
        licence="those of the packages: Apache-2.0, BSD, matplotlib's",
        description="First paragraphs, of 5 to 60 words, of docstrings: which "
        "package are they from",
    )


def _paragraphs(package):
    found = {}
    for definitions in documented(package):
        for _, text in definitions:
            words = text.split("\n\n")[0].split()
            if WORDS[0] <= len(words) <= WORDS[1]:
                found[" ".join(words)] = None
        if len(found) >= PER_PACKAGE:
            break
    return list(found)[:PER_PACKAGE]

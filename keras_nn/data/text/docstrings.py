"""What installed packages say of themselves, labelled by package."""

import ast
import importlib.util
import random
from pathlib import Path

from keras_nn.data.carried import carried
from keras_nn.data.text.labelled_texts import text_split

# What keras_nn itself depends on, so that they are always there.
PACKAGES = (
    "keras",
    "matplotlib",
    "numpy",
    "scipy",
    "sklearn",
    "tensorflow_probability",
)
PER_PACKAGE = 400
WORDS = (5, 60)  # fewest and most of a text
LARGEST_FILE = 200_000  # bytes
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


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
    root = Path(importlib.util.find_spec(package).origin).parent
    files = [
        file
        for file in sorted(root.rglob("*.py"))
        if "test" not in str(file.relative_to(root))
        and file.stat().st_size < LARGEST_FILE
    ]
    random.Random(0).shuffle(files)
    found = {}
    for file in files:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if not isinstance(node, DEFINITIONS):
                continue
            text = ast.get_docstring(node) or ""
            words = text.split("\n\n")[0].split()
            if WORDS[0] <= len(words) <= WORDS[1]:
                found[" ".join(words)] = None
        if len(found) >= PER_PACKAGE:
            break
    return list(found)[:PER_PACKAGE]

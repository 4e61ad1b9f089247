"""Docstrings and their first lines: documents with a summary each."""

import ast

from keras_nn.data.splits import Splits
from keras_nn.data.text.documented import PACKAGES
from keras_nn.data.text.documented import documented
from keras_nn.data.text.text_pairs import TextPairs

PER_PACKAGE = 1000
SUMMARY = (3, 16)  # fewest and most words
BODY = (8, 60)  # fewest words; words that are kept
RULES = "-=~^"  # what headings are underlined with


def docstring_summaries(path=None):
    """What definitions are for: from signature and body to the first line.

    A source is the name of a function or class, its arguments, and the words
    that its docstring has below the first paragraph, up to 60; the target is
    that paragraph, if it has 3 to 16 words. Every fifth of ten files of a
    package is for validation, every tenth for the test, so that no file is in
    two parts; no target occurs twice.
    """
    if path is not None:
        raise ValueError(
            "`docstring-summaries` comes with installed packages and is not "
            f"read from a folder. Received: {path=}"
        )
    parts = {"train": [], "validation": [], "test": []}
    seen = set()
    for package in PACKAGES:
        count = 0
        for number, definitions in enumerate(documented(package)):
            part = {4: "validation", 9: "test"}.get(number % 10, "train")
            for node, text in definitions:
                pair = _pair(node, text)
                if pair is None or pair[1].lower() in seen:
                    continue
                seen.add(pair[1].lower())
                parts[part].append(pair)
                count += 1
            if count >= PER_PACKAGE:
                break
    return Splits(
        **{
            name: TextPairs(*zip(*pairs, strict=True))
            for name, pairs in parts.items()
        },
        name="docstring-summaries",
        source="docstrings of the installed packages (they differ from "
        "version to version)",
        licence="those of the packages: Apache-2.0, BSD, matplotlib's",
        description="Signatures and bodies of docstrings, and the first "
        "paragraph of each. Parts share no file; no paragraph occurs twice.",
    )


def _pair(node, text):
    """Document and summary of a definition, or None if it makes none."""
    summary, _, body = text.partition("\n\n")
    summary = summary.split()
    words = [
        word
        for line in body.split("\n")
        if line.strip(" " + RULES)
        for word in line.split()
    ]
    if not SUMMARY[0] <= len(summary) <= SUMMARY[1] or len(words) < BODY[0]:
        return None
    return " ".join([_signature(node), *words[: BODY[1]]]), " ".join(summary)


def _signature(node):
    if isinstance(node, ast.ClassDef):
        return f"class {node.name}:"
    arguments = [
        argument.arg
        for argument in (*node.args.args, *node.args.kwonlyargs)
        if argument.arg not in ("self", "cls")
    ]
    return f"{node.name}({', '.join(arguments)}):"

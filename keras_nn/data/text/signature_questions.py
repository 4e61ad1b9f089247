"""Questions about the defaults of real functions: answers are passages."""

import ast

from keras_nn.data.splits import Splits
from keras_nn.data.text.documented import PACKAGES
from keras_nn.data.text.documented import documented
from keras_nn.data.text.questions import Questions

PER_PACKAGE = 150  # functions
WORDINGS = (
    "What is the default of {argument} in {function}?",
    "Which value does {argument} have if {function} is not given one?",
    "What does {function} use for {argument} by default?",
)
LONGEST = 600  # characters of a context


def signature_questions(path=None):
    """What is the default of an argument, or has it none?

    Contexts are the signatures of functions of installed packages with the
    first paragraph of their docstrings. Of each, one question about an
    argument with a default, whose answer is a passage of the signature, and,
    where there is such an argument, one about an argument without: that has no
    answer. Every fifth of ten files of a package is for validation, every
    tenth for the test.
    """
    if path is not None:
        raise ValueError(
            "`signature-questions` comes with installed packages and is not "
            f"read from a folder. Received: {path=}"
        )
    parts = {"train": [], "validation": [], "test": []}
    seen = set()
    for package in PACKAGES:
        count = 0
        for number, definitions in enumerate(documented(package)):
            part = {4: "validation", 9: "test"}.get(number % 10, "train")
            for node, text in definitions:
                found = _questions(node, text, len(seen))
                if not found or found[0][1] in seen:
                    continue
                seen.add(found[0][1])
                parts[part] += found
                count += 1
            if count >= PER_PACKAGE:
                break
    return Splits(
        **{
            name: Questions(*zip(*rows, strict=True))
            for name, rows in parts.items()
        },
        name="signature-questions",
        source="functions of the installed packages (they differ from version "
        "to version)",
        licence="those of the packages: Apache-2.0, BSD, matplotlib's",
        description="Questions for the defaults of arguments; those about "
        "arguments without a default have no answer. Parts share no file.",
    )


def _questions(node, text, number):
    """Rows `(question, context, answers)` about a function, or none."""
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return []
    signature, starts, required = f"{node.name}(", [], []
    positional = [*node.args.posonlyargs, *node.args.args]
    given = [None] * (len(positional) - len(node.args.defaults))
    pairs = [
        *zip(positional, [*given, *node.args.defaults], strict=True),
        *zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True),
    ]
    for argument, default in pairs:
        if not signature.endswith("("):
            signature += ", "
        signature += argument.arg
        if default is None:
            if argument.arg not in ("self", "cls"):
                required.append(argument.arg)
            continue
        value = ast.unparse(default)
        starts.append((argument.arg, value, len(signature) + 1))
        signature += f"={value}"
    first = " ".join(text.split("\n\n")[0].split())
    context = f"{signature}): {first}"
    if len(starts) < 2 or len(context) > LONGEST:
        return []  # with one default there is nothing to tell apart
    argument, value, start = starts[number % len(starts)]
    wording = WORDINGS[number % len(WORDINGS)]
    rows = [
        (
            wording.format(argument=argument, function=node.name),
            context,
            [(value, start)],
        )
    ]
    if required:
        argument = required[number % len(required)]
        rows.append(
            (
                wording.format(argument=argument, function=node.name),
                context,
                [],
            )
        )
    return rows

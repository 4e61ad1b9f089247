"""What names are for, in lines of Python's standard library."""

import ast
import importlib.util
import re
from pathlib import Path

from keras_nn.data.splits import Splits
from keras_nn.data.text.tagged_texts import OUTSIDE
from keras_nn.data.text.tagged_texts import tag_names
from keras_nn.data.text.tagged_texts import tagged_split

# Modules that every Python has, small to large; others for other parts.
PARTS = {
    "train": "argparse ast calendar configparser copy csv datetime difflib "
    "doctest fractions ftplib gettext inspect locale pathlib pickle random "
    "shutil statistics string tarfile tempfile textwrap traceback zipfile",
    "validation": "bdb mailbox optparse",
    "test": "cmd gzip pprint trace unittest",
}
PER_MODULE = 200  # lines
WORD = re.compile(r"\w+|[^\w\s]")
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def python_names(path=None):
    """Lines of Python, with what their names are for.

    A `module` that is imported, a `definition` of a class or a function, an
    `argument` of one, what is made by a `call`: names with dots are spans of
    several words. Of each module the first 200 different lines that begin a
    statement or hold such a name.
    """
    if path is not None:
        raise ValueError(
            "`python-names` comes with Python and is not read from a folder. "
            f"Received: {path=}"
        )
    parts, seen = {}, set()
    for part, modules in PARTS.items():
        parts[part] = ([], [])
        for module in modules.split():
            for words, tags in _lines(module, seen):
                parts[part][0].append(words)
                parts[part][1].append(tags)
    names = tag_names([parts["train"][1]])
    return Splits(
        **{part: tagged_split(*found, names) for part, found in parts.items()},
        class_names=names,
        name="python-names",
        source="the standard library of the Python that runs (it differs from "
        "version to version)",
        licence="PSF-2.0",
        description="Lines of modules, cut into words and signs; which spans "
        "are imported modules, definitions, arguments, calls. Validation and "
        "test are of other modules.",
    )


def _lines(module, seen):
    """Words and tags of the first lines of a module: a list of pairs."""
    origin = importlib.util.find_spec(module).origin
    source = Path(origin).read_text(encoding="utf-8")
    lines = source.split("\n")
    spans = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.stmt) and not _is_text(node):
            spans.setdefault(node.lineno, {})  # most hold no name
        for line, start, length, kind in _names(node, lines):
            spans.setdefault(line, {})[start] = (start + length, kind)
    found = []
    for line in sorted(spans):
        text = lines[line - 1]
        if not text.isascii() or text.strip() in seen:
            continue
        seen.add(text.strip())
        found.append(_tagged(text, spans[line]))
        if len(found) == PER_MODULE:
            break
    return found


def _names(node, lines):
    """`(line, column, length, kind)` of the names that a node tells of."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield alias.lineno, alias.col_offset, len(alias.name), "module"
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        column = node.col_offset + len("from ")
        yield node.lineno, column, len(node.module), "module"
    elif isinstance(node, (*FUNCTIONS, ast.ClassDef)):
        column = lines[node.lineno - 1].find(f" {node.name}", node.col_offset)
        if column >= 0:
            yield node.lineno, column + 1, len(node.name), "definition"
    elif isinstance(node, ast.arg):
        yield node.lineno, node.col_offset, len(node.arg), "argument"
    elif isinstance(node, ast.Call) and _is_dotted(node.func):
        called = node.func
        if called.lineno == called.end_lineno:
            length = called.end_col_offset - called.col_offset
            yield called.lineno, called.col_offset, length, "call"


def _is_text(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_dotted(node):
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


def _tagged(text, spans):
    words, tags, stop, kind = [], [], 0, None
    for match in WORD.finditer(text):
        if match.start() in spans:
            stop, kind = spans[match.start()]
            tag = f"B-{kind}"
        else:
            tag = f"I-{kind}" if match.start() < stop else OUTSIDE
        words.append(match.group())
        tags.append(tag)
    return words, tags

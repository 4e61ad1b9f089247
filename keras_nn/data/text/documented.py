"""Definitions of installed packages that say what they are for."""

import ast
import importlib.util
import random
from pathlib import Path

# What keras_nn itself depends on, so that they are always there.
PACKAGES = (
    "keras",
    "matplotlib",
    "numpy",
    "scipy",
    "sklearn",
    "tensorflow_probability",
)
LARGEST_FILE = 200_000  # bytes
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def documented(package):
    """The definitions of a package that have a docstring, file by file.

    Files are read in an order that is drawn once and for all; tests and very
    large files are left out. Nothing is imported.

    Args:
        package: str. Name of an installed package.

    Yields:
        Lists, one a file, of pairs `(node, docstring)`: the `ast` node, and
        its docstring without indentation.
    """
    root = Path(importlib.util.find_spec(package).origin).parent
    files = [
        file
        for file in sorted(root.rglob("*.py"))
        if "test" not in str(file.relative_to(root))
        and file.stat().st_size < LARGEST_FILE
    ]
    random.Random(0).shuffle(files)
    for file in files:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        nodes = [n for n in ast.walk(tree) if isinstance(n, DEFINITIONS)]
        found = [(node, ast.get_docstring(node) or "") for node in nodes]
        yield [(node, text) for node, text in found if text]

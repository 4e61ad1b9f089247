"""Every tutorial runs from its first cell to its last."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

TUTORIALS = sorted((Path(__file__).parents[2] / "tutorials").glob("*.ipynb"))


def is_slow(path):
    """Whether a notebook says of itself that it trains for long."""
    return nbformat.read(path, 4).metadata.get("keras_nn", {}).get("slow")


def test_there_are_tutorials():
    assert TUTORIALS


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, marks=[pytest.mark.slow] if is_slow(path) else [])
        for path in TUTORIALS
    ],
    ids=[path.stem for path in TUTORIALS],
)
def test_runs(path, monkeypatch):
    # A million nodes take more than a minute.
    monkeypatch.setenv("KERAS_NN_TUTORIAL_NODES", "20000")
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=600, kernel_name="python3").execute()


@pytest.mark.parametrize("path", TUTORIALS, ids=lambda path: path.stem)
def test_is_committed_with_its_outputs_and_pictures(path):
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in code)
    assert not any(
        output.output_type == "error"
        for cell in code
        for output in cell.outputs
    )
    for cell in notebook.cells:
        for link in cell.source.split("](")[1:]:
            target = link.split(")")[0]
            if cell.cell_type == "markdown" and "://" not in target:
                assert (path.parent / target).is_file(), target

import pytest

from keras_nn import data
from keras_nn.data.text import docstring_summaries
from keras_nn.data.text.documented import documented

SOURCE = '''
class Spell:
    """Turns lead into gold.

    Notes
    -----
    Say it slowly, three times, and do not laugh at all.
    """

    def cast(self, metal, *, slowly=True):
        """Says it.

        The metal is turned, or else nothing at all will happen here.
        """

def short():
    """Does nothing of note."""
'''


def test_documents_are_signature_and_body(tmp_path, monkeypatch):
    folder = tmp_path / "grimoire"
    folder.mkdir()
    (folder / "__init__.py").write_text("raise SystemExit")
    (folder / "spells.py").write_text(SOURCE)
    monkeypatch.syspath_prepend(tmp_path)
    files = list(documented("grimoire"))
    monkeypatch.setattr(docstring_summaries, "SUMMARY", (2, 16))
    pairs = [docstring_summaries._pair(*one) for one in files[0] + files[1]]
    found = {pair for pair in pairs if pair}
    assert found == {
        (
            "class Spell: Notes Say it slowly, three times, and do not laugh "
            "at all.",
            "Turns lead into gold.",
        ),
        (
            "cast(metal, slowly): The metal is turned, or else nothing at all "
            "will happen here.",
            "Says it.",
        ),
    }


def test_parts_share_no_summary(monkeypatch):
    monkeypatch.setattr(docstring_summaries, "PER_PACKAGE", 60)
    splits = data.load("docstring-summaries")
    parts = splits.train, splits.validation, splits.test
    every = [target.lower() for part in parts for target in part.targets]
    assert len(set(every)) == len(every) > 300
    assert all(3 <= len(target.split()) <= 16 for target in every)
    with pytest.raises(ValueError, match="not read from a folder"):
        data.load("docstring-summaries", path="x")

import numpy as np
import pytest

from keras_nn.data.text import docstrings


@pytest.fixture(scope="module")
def splits():
    return docstrings.docstrings()


def test_every_package_has_its_share(splits):
    counts = np.bincount(splits.train.y)
    assert len(counts) == len(splits.class_names) == 6
    assert counts.min() > 200
    assert len(splits.test) == pytest.approx(0.2 * 2400, abs=30)


def test_no_text_is_in_both_parts(splits):
    assert not set(splits.train.x) & set(splits.test.x)
    assert len(set(splits.train.x)) == len(splits.train)
    assert all(5 <= len(text.split()) <= 60 for text in splits.train.x)


def test_a_package_is_read_without_being_imported(tmp_path, monkeypatch):
    folder = tmp_path / "grimoire"
    folder.mkdir()
    (folder / "__init__.py").write_text("raise SystemExit")
    (folder / "spells.py").write_text(
        'def f():\n    """Turns five words\n    into gold.\n\n    More."""\n'
        'class Short:\n    """Two words."""\n'
    )
    monkeypatch.syspath_prepend(tmp_path)
    found = docstrings._paragraphs("grimoire")
    assert found == ["Turns five words into gold."]

from keras_nn.data.text.documented import documented


def test_files_are_read_in_order_without_being_imported(tmp_path, monkeypatch):
    folder = tmp_path / "grimoire"
    (folder / "tests").mkdir(parents=True)
    (folder / "__init__.py").write_text("raise SystemExit")
    (folder / "spells.py").write_text(
        'def f():\n    """Turns lead\n    into gold."""\n\ndef g(): pass\n'
    )
    (folder / "tests" / "hidden.py").write_text('def h():\n    "Hides."\n')
    monkeypatch.syspath_prepend(tmp_path)
    files = list(documented("grimoire"))
    assert sorted(map(len, files)) == [0, 1]  # no file of the tests
    ((node, text),) = files[0] + files[1]
    assert node.name == "f" and text == "Turns lead\ninto gold."

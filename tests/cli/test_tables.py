import json

from keras_nn_cli.tables import print_rows
from keras_nn_cli.tables import print_table


def test_prints_every_cell_as_it_is(capsys):
    print_table("A title", ("name", "value"), [("a[b]", 1), ("c", "[red]x")])
    printed = capsys.readouterr().out
    for text in ("A title", "name", "value", "a[b]", "1", "[red]x"):
        assert text in printed


def test_rows_are_printed_for_programs(capsys):
    rows = [{"file": "a,b", "n": 1}]
    print_rows(rows, "csv")
    assert capsys.readouterr().out == 'file,n\n"a,b",1\n'
    print_rows(rows, "json")
    assert json.loads(capsys.readouterr().out) == rows

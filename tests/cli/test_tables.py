from keras_nn_cli.tables import print_table


def test_prints_every_cell_as_it_is(capsys):
    print_table("A title", ("name", "value"), [("a[b]", 1), ("c", "[red]x")])
    printed = capsys.readouterr().out
    for text in ("A title", "name", "value", "a[b]", "1", "[red]x"):
        assert text in printed

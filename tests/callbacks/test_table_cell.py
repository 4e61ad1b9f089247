from keras_nn.callbacks.table_cell import table_cell


def test_markdown_is_held_off_and_line_ends_are_shown():
    assert table_cell("a|b\n<i>") == "a\\|b↵ \\<i\\>"

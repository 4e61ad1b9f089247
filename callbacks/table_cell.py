def table_cell(text):
    """A text as one cell of a table: line ends shown, Markdown held off.

    >>> print(table_cell("a|b"))
    a\\|b
    """
    for sign in "\\`*_|#<>[]":
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "↵ ")

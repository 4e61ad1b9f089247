"""Tables on the terminal."""

import csv
import json
import sys

import typer


def print_table(title, columns, rows):
    """Prints rows of text under a title."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    Console().print(table, markup=False)


def print_rows(rows, output):
    """Prints dicts of equal keys as `"csv"` or `"json"`."""
    if output == "json":
        typer.echo(json.dumps(rows, indent=2))
        return
    writer = csv.DictWriter(
        sys.stdout, fieldnames=list(rows[0]), lineterminator="\n"
    )
    writer.writeheader()
    writer.writerows(rows)

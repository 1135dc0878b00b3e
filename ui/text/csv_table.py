"""Tables as CSV, for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

FORMULA: Final = tuple("=+-@\t\r")  # what a spreadsheet takes for the beginning of one


def write_csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write a table, a line a row; words that a spreadsheet would run as a formula become words again.

    Source: RFC 4180, whose lines end in CR LF.
    """
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerows([_as_words(cell) for cell in row] for row in (head, *rows))
    return file.getvalue()


def _as_words(cell: object) -> object:
    suspect = isinstance(cell, str) and cell.startswith(FORMULA) and len(cell) > 1 and not _is_number(cell)
    return f"'{cell}" if suspect else cell


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True

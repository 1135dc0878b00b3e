"""A table that sorts in the browser, without pandas: words, numbers and a note a cell; and the same as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from ui.components import register
from ui.text.csv_table import write_csv

_component = register.register_component(__file__)


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column.

    Attributes:
        title: of its head.
        help: what it means, in a sentence.
        best: which value stands out, and comes first when one sorts by it; "" where none is better.
        words: it holds a text that wraps.
    """

    title: str
    help: str = ""
    best: Literal["", "least", "most"] = ""
    words: bool = False


@dataclass(frozen=True, slots=True)
class TableCell:
    """One cell: what is shown, the number that it sorts by (None for words), and a smaller line below."""

    text: str
    value: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: a key that is unique in the table, and a cell a column; the first one names the row."""

    key: str
    cells: tuple[TableCell, ...]


def render_sortable_table(columns: Sequence[TableColumn], rows: Sequence[TableRow], caption: str, key: str) -> None:
    """Show the table; how it is sorted stays in the browser.

    Args:
        columns: at least one; the first one stays in sight where the table scrolls.
        rows: in the order in which they come at first.
        caption: what it tells, for screen readers.
        key: of the component, unique on the page.
    """
    data = {"columns": tuple(map(asdict, columns)), "rows": tuple(map(asdict, rows)), "caption": caption}
    _component(key=key, data=data)


def table_as_csv(columns: Sequence[TableColumn], rows: Sequence[TableRow]) -> str:
    """Write a table as CSV: numbers where there are numbers, and notes in a column of their own."""
    noted = [any(row.cells[at].note for row in rows) for at in range(len(columns))]

    def spread(pairs: Iterable[tuple[object, str]]) -> list[object]:
        """Put each note behind what it is about, in the columns that have notes."""
        return [part for pair, has in zip(pairs, noted, strict=True) for part in pair[: 1 + has]]

    return write_csv(
        [str(title) for title in spread((column.title, f"{column.title}, note") for column in columns)],
        [spread((cell.text if cell.value is None else cell.value, cell.note) for cell in row.cells) for row in rows],
    )

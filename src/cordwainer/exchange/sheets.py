"""Names and looks that written workbooks share: sheets of help, headings, formats."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from cordwainer.cluster.dictionary import Table

EXPLANATION, EXAMPLES, CHOICES = "说明 Explanation", "示例 Examples", "选项 Choices"
HELP = frozenset({EXPLANATION, EXAMPLES, CHOICES})
SHEET_NAME_LIMIT = 31
SHEET_ROWS = 1_048_575
"""Rows of data that a sheet can hold below its heading."""

_OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}
_CREATED = datetime(2000, 1, 1, tzinfo=UTC)


@contextmanager
def new_book(path: Path, *, row_by_row: bool = False) -> Iterator[xlsxwriter.Workbook]:
    """Give a workbook to fill: no text becomes a formula, and the same content gives the same bytes.

    It is put together in memory and written in one go: a full disk is met once, and not again when an archive left open
    is cleared away.

    Parameters
    ----------
    path
        Where it is written when the block ends well.
    row_by_row
        Whether rows are written in order and need not be kept in memory.
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {**_OPTIONS, "constant_memory": row_by_row})
    book.set_properties({"created": _CREATED})
    yield book
    book.close()
    path.write_bytes(stream.getbuffer())


def is_help(name: str) -> bool:
    """Return whether a sheet only helps people and holds no data."""
    return name in HELP or name.startswith("_")


def sheet_name(spec: Table) -> str:
    """Return the name under which a table's sheet is written."""
    long = f"{spec.label.zh} {spec.name}"
    return long if len(long) <= SHEET_NAME_LIMIT else spec.name


def own_or_table_name(spec: Table) -> str:
    """Return the name of a sheet in a template: both labels for sheets of your own cluster, else as for tables."""
    return f"{spec.label.zh} {spec.label.en}" if spec.family == "own" else sheet_name(spec)


class Looks:
    """Cell formats of a workbook."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.head: Any = self._made(book, bold=True, bg_color="#E8EEF4", bottom=1, text_wrap=True, valign="top")
        self.must: Any = self._made(book, bold=True, bg_color="#D5E3F0", bottom=1, text_wrap=True, valign="top")
        self.day: Any = self._made(book, num_format="yyyy-mm-dd")
        self.text: Any = self._made(book, num_format="@")
        self.whole: Any = self._made(book, num_format="#,##0")
        self.share: Any = self._made(book, num_format="0.0%")
        self.money: Any = self._made(book, num_format="#,##0.00")
        self.wrap: Any = self._made(book, text_wrap=True, valign="top")
        self.title: Any = self._made(book, bold=True, font_size=14)
        self.faint_line: Any = self._made(book, italic=True, font_color="#666666")

    @staticmethod
    def _made(book: xlsxwriter.Workbook, **properties: object) -> object:
        return book.add_format({"font_name": "Microsoft YaHei", "font_size": 10, **properties})

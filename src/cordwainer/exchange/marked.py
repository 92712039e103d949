"""Write a file that was sent with its errors marked: the same cells in the same rows, red where something is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cordwainer.core import Language, Problem
from cordwainer.exchange.sheets import Looks, new_book, sheet_name
from cordwainer.exchange.upload import Upload

_PROBLEMS = {"en": "_Problems", "zh": "_问题"}
"""Begins with what marks a sheet of help, so that the file can be sent again as it is."""
_HEADS = {
    "en": ("Sheet", "Row", "Column", "Value", "Problem", "What to do"),
    "zh": ("表", "行", "列", "值", "问题", "怎么改"),
}


def write_marked(upload: Upload, problems: Sequence[Problem], path: Path, language: Language) -> None:
    """Write the tables of an upload with problems marked and told in a note on each cell; it can be sent again when mended.

    Parameters
    ----------
    upload
        Tables of text.
    problems
        What is wrong, placed by file, sheet, row and column.
    path
        Workbook to write.
    language
        Of the notes.
    """
    wrong: dict[tuple[str | None, str | None], dict[tuple[int, str | None], Problem]] = {}
    for p in problems:
        if p.row is not None:
            wrong.setdefault((p.file, p.sheet), {}).setdefault((p.row, p.column), p)
    with new_book(path) as book:
        looks = Looks(book)
        bad = book.add_format(
            {"bg_color": "#F8CBC9", "num_format": "@", "font_name": "Microsoft YaHei", "font_size": 10}
        )
        _list(book.add_worksheet(_PROBLEMS[language]), problems, looks, language)
        for raw in upload.tables.values():
            sheet = book.add_worksheet(sheet_name(raw.spec))
            marks = wrong.get((raw.place.file, raw.place.sheet), {})
            _table(sheet, raw, (looks, bad), marks, language)


def _list(sheet: Any, problems: Sequence[Problem], looks: Looks, language: Language) -> None:  # noqa: ANN401 (xlsxwriter)
    sheet.set_column(0, 3, 16)
    sheet.set_column(4, 5, 60)
    for k, head in enumerate(_HEADS[language]):
        sheet.write_string(0, k, head, looks.head)
    for i, p in enumerate(problems, start=1):
        said = (p.sheet or p.file, None if p.row is None else str(p.row), p.column, p.value)
        for k, value in enumerate((*said, p.message.in_(language), p.remedy.in_(language))):
            sheet.write_string(i, k, value or "", looks.wrap if k > 3 else looks.text)


def _table(
    sheet: Any,  # noqa: ANN401
    raw: Any,  # noqa: ANN401
    formats: tuple[Looks, Any],
    marks: Mapping[tuple[int, str | None], Problem],
    language: Language,
) -> None:
    looks, bad = formats
    columns = raw.frame.columns
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, max(0, len(columns) - 1), 16)
    for k, name in enumerate(columns):
        sheet.write_string(0, k, name, looks.head)
    # where no column is known, a frame has no rows
    for row, cells in zip(raw.rows.to_list(), raw.frame.iter_rows(), strict=raw.frame.width > 0):
        for k, value in enumerate(cells):
            found = marks.get((row, columns[k]))
            if found is not None:
                sheet.write_string(row - 1, k, "" if value is None else str(value), bad)
                sheet.write_comment(row - 1, k, f"{found.message.in_(language)}\n{found.remedy.in_(language)}")
            elif value is not None:
                sheet.write_string(row - 1, k, str(value), looks.text)

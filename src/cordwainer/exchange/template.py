"""Write empty workbooks to be filled in: all tables, or the three sheets of your own cluster."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from cordwainer.cluster import dictionary, reference_tables
from cordwainer.cluster.dictionary import Column, Table
from cordwainer.core import Text, UserError
from cordwainer.exchange.cells import read_cell
from cordwainer.exchange.headers import both
from cordwainer.exchange.own import OWN_MATERIALS, OWN_TABLES, example_rows
from cordwainer.exchange.sheets import CHOICES, EXAMPLES, EXPLANATION, Looks, new_book, own_or_table_name
from cordwainer.exchange.template_help import column_help, write_explanation
from cordwainer.exchange.workbook_out import writer
from cordwainer.tasks import cannot_write, replaced_file

Kind = Literal["full", "own", "example"]
KINDS: tuple[Kind, ...] = ("full", "own", "example")
_PREFILLED = ("routing_template", "routing_template_before")
_LAST_ROW = 5000
_NARROW, _WIDE = 7, 15
_YES_NO = ("是 yes", "否 no")


def write_template(path: Path, kind: Kind) -> None:
    """Write an empty workbook with headings in both languages, notes, drop-down lists and examples.

    Parameters
    ----------
    path
        File that ends in .xlsx.
    kind
        ``full`` for all tables of a cluster in use, ``own`` for the three sheets of your own cluster,
        ``example`` for the same three filled in with a small invented cluster.

    Raises
    ------
    UserError
        If the kind is unknown or the file cannot be written.
    """
    if kind not in KINDS or path.suffix.lower() != ".xlsx":
        raise UserError(
            "unknown-template",
            Text(f'There is no template "{kind}" at {path}.', f"没有模板“{kind}”（{path}）。"),
            Text(
                "Use full, own or example, and a name that ends in .xlsx.",
                "请使用 full、own 或 example，文件名以 .xlsx 结尾。",
            ),
        )
    used = tuple(t for t in dictionary.cluster_tables() if t.status == "used")
    specs = used if kind == "full" else OWN_TABLES
    try:
        with replaced_file(path) as temporary, new_book(temporary) as book:
            _fill(book, specs, kind)
    except xlsxwriter.exceptions.FileCreateError as error:
        raise cannot_write(path, error) from error


def _fill(book: xlsxwriter.Workbook, specs: Sequence[Table], kind: Kind) -> None:
    looks = Looks(book)
    write_explanation(book.add_worksheet(EXPLANATION), looks, specs, kind)
    sheets = [(spec, book.add_worksheet(own_or_table_name(spec))) for spec in specs]
    if kind != "full":
        _examples(book.add_worksheet(EXAMPLES), looks, specs)
    lists = _lists(book.add_worksheet(CHOICES), looks, specs)
    for spec, sheet in sheets:
        _headings(sheet, looks, spec)
        _drop_downs(sheet, spec, lists)
        if kind == "example":
            _write_rows(sheet, looks, spec, _example_values(spec))
        elif spec.name in _PREFILLED:
            _write_rows(sheet, looks, spec, reference_tables()[spec.name].rows())


def _headings(sheet: Worksheet, looks: Looks, spec: Table) -> None:
    fixed = len(spec.key) or 1
    sheet.freeze_panes(1, fixed)
    sheet.set_row(0, 32)
    for k, column in enumerate(spec.columns):
        must = not column.nullable and not column.default
        sheet.write_string(0, k, both(column.label) + (" *" if must else ""), looks.must if must else looks.head)
        sheet.write_comment(0, k, column_help(column), {"x_scale": 2.2, "y_scale": 1.4})
        sheet.set_column(k, k, _NARROW if column.name.isdigit() else _WIDE, _kept(looks, column))


def _kept(looks: Looks, column: Column) -> object:
    """Return the format of a column's cells: text for ids, so that 001 stays 001."""
    match column.type:
        case "id" | "text":
            return looks.text
        case "date":
            return looks.day
        case _:
            return None


def _choice_texts(column: Column) -> tuple[str, ...]:
    if column.type == "bool":
        return _YES_NO
    if column.table == OWN_MATERIALS.name and column.name == "material":
        used = set(reference_tables()["bill_template"]["material"])
        rows = reference_tables()["material"].select("material", "name_zh").iter_rows()
        return tuple(f"{m} {zh or ''}".strip() for m, zh in rows if m in used)
    return tuple(both(label) for label in dictionary.choices().get(column.choice, {}).values())


def _list_key(column: Column) -> str:
    return column.choice or ("yes_no" if column.type == "bool" else f"{column.table}.{column.name}")


def _lists(sheet: Worksheet, looks: Looks, specs: Sequence[Table]) -> dict[str, str]:
    """Write the lists that drop-downs point to; return the range of each."""
    ranges: dict[str, str] = {}
    for column in (c for spec in specs for c in spec.columns):
        texts, key = _choice_texts(column), _list_key(column)
        if not texts or key in ranges:
            continue
        k = len(ranges)
        sheet.set_column(k, k, 24)
        sheet.write_string(0, k, key, looks.head)
        sheet.write_column(1, k, texts)
        letter = xl_col_to_name(k, col_abs=True)
        ranges[key] = f"='{CHOICES}'!{letter}$2:{letter}${len(texts) + 1}"
    return ranges


def _drop_downs(sheet: Worksheet, spec: Table, lists: dict[str, str]) -> None:
    for k, column in enumerate(spec.columns):
        source = lists.get(_list_key(column))
        if source:
            sheet.data_validation(1, k, _LAST_ROW, k, {"validate": "list", "source": source, "error_type": "warning"})


def _examples(sheet: Worksheet, looks: Looks, specs: Sequence[Table]) -> None:
    told = "仅供参考，本表不会被读取。 Examples only; this sheet is not read."
    sheet.write_string(0, 0, told, looks.title)
    at = 2
    for spec in specs:
        rows = example_rows(spec.name)
        sheet.write_string(at, 0, both(spec.label), looks.title)
        for k, column in enumerate(spec.columns):
            sheet.write_string(at + 1, k, both(column.label), looks.head)
            for i, row in enumerate(rows, start=2):
                sheet.write_string(at + i, k, row.get(column.name) or "")
        at += len(rows) + 4
    sheet.set_column(0, 40, _WIDE)


def _example_values(spec: Table) -> list[tuple[object, ...]]:
    """Return the example rows as values in the order of the columns, choices with both labels."""
    rows: list[tuple[object, ...]] = []
    for texts in example_rows(spec.name):
        values = [read_cell(text, c) if (text := texts.get(c.name)) else None for c in spec.columns]
        rows.append(
            tuple(
                both(dictionary.choices()[c.choice][str(v)]) if c.choice and v is not None else v
                for c, v in zip(spec.columns, values, strict=True)
            )
        )
    return rows


def _write_rows(sheet: Worksheet, looks: Looks, spec: Table, rows: Sequence[tuple[object, ...]]) -> None:
    writers = [writer(sheet, column, looks) for column in spec.columns]
    for i, row in enumerate(rows, start=1):
        for k, value in enumerate(row):
            if value is not None:
                writers[k](i, k, value)

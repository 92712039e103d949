"""A plan as a workbook for people: dates, pairs and yuan, one sheet for each question they ask."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from cordwainer.cluster import Cluster, Plan, dictionary
from cordwainer.core import Language, Text, UserError
from cordwainer.exchange.report import View, ViewColumn, plan_view
from cordwainer.exchange.report.figures import Figure, figures
from cordwainer.exchange.report.joined import Joined
from cordwainer.exchange.report.view import UNKNOWN, Kind, cell, column
from cordwainer.exchange.sheets import SHEET_ROWS, Looks, new_book
from cordwainer.tasks import cannot_write, replaced_file

_KEY = Text("Key figures", "关键指标")
_PAGES: tuple[tuple[str, Text], ...] = (
    ("orders", Text("Orders", "订单")),
    ("weeks", Text("Week plan by maker", "各厂周计划")),
    ("purchases", Text("Purchases", "采购")),
    ("outside", Text("Made outside", "外地订单")),
    ("unmet", Text("Late, outside, declined", "延期外发与不接")),
    ("makers", Text("Makers", "厂家")),
    ("load", Text("Load", "负荷")),
)
_REASON, _A4 = "reason", 9
_SHEET_NAME = 31
"""Letters of the name of a sheet, at most."""
_DIVISOR = {"yuan": 100, "money": 100, "price": 100_000}
_WIDTH, _WIDE, _WIDEST, _PROSE = 14, 26, 36, 70


def plan_for_people(
    cluster: Cluster, plan: Plan, path: Path, language: Language, explanations: pl.DataFrame | None = None
) -> None:
    """Write a plan as a workbook for people.

    Parameters
    ----------
    cluster, plan
        The plan and the cluster it was made for.
    path
        File that ends in .xlsx.
    language
        Language of headings and labels.
    explanations
        Columns order, reason_en, reason_zh: why an order is late, outside or declined.

    Raises
    ------
    UserError
        If the file cannot be written, or a sheet would have more rows than it can hold.
    """
    views = [(title, _view(cluster, plan, name, explanations)) for name, title in _PAGES]
    for title, view in views:
        _refuse_long(replace(view, title=title))
    try:
        with replaced_file(path) as temporary, new_book(temporary) as book:
            looks = Looks(book)
            _key_sheet(book.add_worksheet(_KEY.in_(language)), looks, figures(Joined(cluster, plan)), language)
            for title, view in views:
                _sheet(book.add_worksheet(title.in_(language)), looks, view, language)
    except xlsxwriter.exceptions.FileCreateError as error:
        raise cannot_write(path, error) from error


def view_for_people(view: View, path: Path, language: Language) -> None:
    """Write one view as a workbook for people; see `views_for_people`."""
    views_for_people([view], path, language)


def views_for_people(views: Sequence[View], path: Path, language: Language) -> None:
    """Write views as a workbook for people, one sheet for each; a single one has no name of its own.

    Parameters
    ----------
    views
        What to write, filtered as it is wanted.
    path
        File that ends in .xlsx.
    language
        Language of headings and labels.

    Raises
    ------
    UserError
        If the file cannot be written, or a view has more rows than a sheet can hold.
    """
    for view in views:
        _refuse_long(view)
    names = _sheet_names([v.title.in_(language) for v in views]) if len(views) > 1 else [None]
    try:
        with replaced_file(path) as temporary, new_book(temporary) as book:
            looks = Looks(book)
            for name, view in zip(names, views, strict=True):
                _sheet(book.add_worksheet(name), looks, view, language)
    except xlsxwriter.exceptions.FileCreateError as error:
        raise cannot_write(path, error) from error


def _sheet_names(titles: Sequence[str]) -> list[str | None]:
    """Return titles as names of sheets: no marks that Excel forbids, at most 31 letters, each once."""
    found: list[str | None] = []
    for title in titles:
        plain = "".join(" " if c in "[]:*?/\\" else c for c in title)[:_SHEET_NAME].strip(" '")
        again = 2
        name = plain
        while name.lower() in {str(f).lower() for f in found}:
            name = f"{plain[: _SHEET_NAME - 3]} {again}"
            again += 1
        found.append(name)
    return found


def _refuse_long(view: View) -> None:
    if view.frame.height > SHEET_ROWS:
        raise UserError(
            "too-many-rows",
            Text(f"{view.title.en} has more rows than a sheet holds.", f"“{view.title.zh}”超出工作表容量。"),
            Text("Write the plan as CSV or Parquet.", "请将计划导出为 CSV 或 Parquet。"),
        )


def _view(cluster: Cluster, plan: Plan, name: str, explanations: pl.DataFrame | None) -> View:
    return week_plan(cluster, plan) if name == "weeks" else plan_view(cluster, plan, name, explanations)


def week_plan(cluster: Cluster, plan: Plan) -> View:
    """Return what every maker does in every week: pairs by line, order and stage."""
    joined = Joined(cluster, plan)
    orders = cluster["order"].select("order", "style", "due_date")
    styles = cluster["style"].select("style", style_en=pl.coalesce("name_en", "name_zh", "style"),
                                     style_zh=pl.coalesce("name_zh", "name_en", "style"))  # fmt: skip
    frame = (
        joined.work.join(orders, on="order", how="left")
        .join(styles, on="style", how="left")
        .sort("firm", "start_date", "line", "order", "lot")
    )
    columns = (
        column("firm", "both", ("firm", "firm")),
        column("line", "id", ("line", "line")),
        column("stage", "choice", ("line", "stage"), "stage"),
        column("start_date", "date", Text("From", "开始日")),
        column("end_date", "date", Text("To", "结束日")),
        column("order", "id", ("order", "order")),
        column("lot", "id", ("lot", "lot")),
        column("style", "both", ("style", "style")),
        column("pairs", "int", ("order", "pairs")),
        column("due_date", "date", ("order", "due_date")),
    )
    return View("weeks", dict(_PAGES)["weeks"], columns, frame)


def _key_sheet(sheet: Worksheet, looks: Looks, found: Sequence[Figure], language: Language) -> None:
    """Write one key figure a row: what it is, its number, its unit; unknown ones stay blank."""
    heads = (Text("Figure", "指标"), Text("Value", "数值"), Text("Unit", "单位"))
    for k, (head, width) in enumerate(zip(heads, (_WIDEST, _WIDTH, _WIDTH), strict=True)):
        sheet.write_string(0, k, head.in_(language), looks.head)
        sheet.set_column(k, k, width)
    sheet.freeze_panes(1, 1)
    _on_paper(sheet)
    for i, figure in enumerate(found, start=1):
        sheet.write_string(i, 0, figure.title.in_(language))
        _write(sheet, looks, (i, 1), figure.kind, figure.value)
        sheet.write_string(i, 2, figure.unit.in_(language))


def _sheet(sheet: Worksheet, looks: Looks, view: View, language: Language) -> None:
    sheet.freeze_panes(1, 1)
    _on_paper(sheet)
    for k, spec in enumerate(view.columns):
        sheet.write_string(0, k, _heading(spec, language), looks.head)
        width = _PROSE if spec.name == _REASON else _WIDE if spec.kind in ("both", "text") else _WIDTH
        sheet.set_column(k, k, width)
    if view.frame.height:
        sheet.autofilter(0, 0, view.frame.height, len(view.columns) - 1)
    for i, row in enumerate(view.frame.iter_rows(named=True), start=1):
        for k, (spec, value) in enumerate(zip(view.columns, _values(row, view, language), strict=True)):
            if spec.name == _REASON and value:
                sheet.write_string(i, k, str(value), looks.wrap)
            else:
                _write(sheet, looks, (i, k), spec.kind, value)


def _on_paper(sheet: Worksheet) -> None:
    """Set how a sheet is printed: across, as wide as the page, the headings on each page."""
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _heading(spec: ViewColumn, language: Language) -> str:
    """Return a column's heading; money says that it is in yuan."""
    label = spec.label.in_(language)
    yuan = Text("yuan", "元").in_(language)
    if spec.kind not in _DIVISOR or yuan in label.lower():
        return label
    return f"{label}（{yuan}）" if language == "zh" else f"{label} ({yuan})"


def _values(row: dict[str, Any], view: View, language: Language) -> Iterator[Any]:
    for spec in view.columns:
        if spec.kind == "both":
            found = cell(row, spec, language)
            yield None if found == UNKNOWN else found
        elif spec.kind == "choice" and row[spec.name] is not None:
            yield dictionary.choices()[spec.choice][row[spec.name]].in_(language)
        elif spec.kind == "bool" and row[spec.name] is not None:
            yield (Text("yes", "是") if row[spec.name] else Text("no", "否")).in_(language)
        else:
            yield row[spec.name]


def _write(sheet: Worksheet, looks: Looks, at: tuple[int, int], kind: Kind, value: Any) -> None:  # noqa: ANN401
    i, k = at
    if value is None:
        return
    match kind:
        case "yuan" | "price" | "money":
            sheet.write_number(i, k, value / _DIVISOR[kind], looks.money)
        case "share":
            sheet.write_number(i, k, value, looks.share)
        case "int" | "number":
            sheet.write_number(i, k, value, looks.whole if kind == "int" else looks.money)
        case "date":
            sheet.write_datetime(i, k, value, looks.day)
        case _:
            sheet.write_string(i, k, str(value))

"""Read the sheets of a workbook as text, and notice what text alone does not show."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import fastexcel
import polars as pl

from cordwainer.core import Problem, Text
from cordwainer.exchange.limits import LIMITS, Limits, Shielded, check_workbook, too_large, unreadable
from cordwainer.exchange.problems import Place, trouble
from cordwainer.exchange.raw import blank_free
from cordwainer.exchange.sheet_scan import BadXml, Seen, cell_place, elements, scan

_MACROS = "vbaProject.bin"


@dataclass(frozen=True)
class Sheet:
    """A sheet as text.

    Attributes
    ----------
    place
        File and sheet.
    cells
        All rows from the first one of the sheet, String, null where blank; columns from the first one in use.
    problems, notes
        Formulas, errors and merged cells; hidden rows and sheets.
    """

    place: Place
    cells: pl.DataFrame
    problems: list[Problem]
    notes: list[Problem]


class Workbook:
    """A workbook that passed the limits, with its sheets to be read one by one."""

    def __init__(self, path: Path, limits: Limits = LIMITS) -> None:
        check_workbook(path, limits)
        self.path, self.limits = path, limits
        try:
            with zipfile.ZipFile(path) as archive:
                self._parts, self.hidden = _sheet_parts(archive)
                self.macros = any(name.endswith(_MACROS) for name in archive.namelist())
        except (BadXml, KeyError) as error:
            raise unreadable(path, Text("it is not a workbook", "不是工作簿")) from error
        if len(self._parts) > limits.sheets:
            raise too_large(path, Text(f"it has {len(self._parts)} sheets", f"有 {len(self._parts)} 个工作表"))

    @property
    def sheet_names(self) -> tuple[str, ...]:
        """Names of the sheets in order."""
        return tuple(self._parts)

    def notes(self) -> list[Problem]:
        """Return what is noticed of the workbook as a whole."""
        return [trouble("macros", Place(self.path.name))] if self.macros else []

    def sheets(self, names: list[str]) -> Iterator[Sheet]:
        """Yield the sheets of these names.

        Raises
        ------
        UserError
            If one cannot be read or is too large.
        """
        scans = {name: self._scan(name) for name in names}
        with Shielded(self.path):
            try:
                book = fastexcel.read_excel(self.path)
                for name in names:
                    yield self._sheet(book, name, scans[name])
            except (fastexcel.FastExcelError, ValueError, pl.exceptions.PolarsError) as error:
                raise unreadable(self.path, Text("its sheets are damaged", "工作表已损坏")) from error

    def _scan(self, name: str) -> Seen:
        try:
            with zipfile.ZipFile(self.path) as archive:
                seen = scan(archive.read(self._parts[name]), self.limits.cells)
        except (BadXml, KeyError) as error:
            raise unreadable(self.path, Text(f'sheet "{name}" is damaged', f"工作表“{name}”已损坏")) from error
        if seen.rows * seen.columns > self.limits.cells:
            raise too_large(self.path, Text(f'sheet "{name}" reaches too far', f"工作表“{name}”范围过大"))
        return seen

    def _sheet(self, book: fastexcel.ExcelReader, name: str, seen: Seen) -> Sheet:
        place = Place(self.path.name, name)
        sheet = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
        cells = sheet.to_polars().cast(pl.String)
        problems = [
            trouble(rule, place, row=cell_place(at)[0], column=at, value=at)
            for rule, places in (("formula", seen.formulas), ("error-cell", seen.errors))
            for at in places
            if rule == "formula" or at not in seen.formulas
        ]
        problems += [
            trouble("merged-cells", place, row=cell_place(ref.partition(":")[0])[0], value=ref) for ref in seen.merged
        ]
        notes = []
        if seen.hidden:
            notes.append(trouble("hidden-rows", place, row=seen.hidden[0], value=len(seen.hidden)))
        if name in self.hidden:
            notes.append(trouble("hidden-sheet", place))
        return Sheet(place, blank_free(cells), problems, notes)


def _sheet_parts(archive: zipfile.ZipFile) -> tuple[dict[str, str], frozenset[str]]:
    """Return the part of each sheet by the sheet's name, and the names of hidden sheets."""
    root = _target(archive, "_rels/.rels", "", kind="officeDocument")
    folder = PurePosixPath(root).parent
    links = archive.read(str(folder / "_rels" / f"{PurePosixPath(root).name}.rels"))
    targets = {a["Id"]: _inside(folder, a["Target"]) for n, a in elements(links) if n == "Relationship" and "Id" in a}
    parts: dict[str, str] = {}
    hidden = set()
    for name, attributes in elements(archive.read(root)):
        if name != "sheet":
            continue
        link = next((v for k, v in attributes.items() if k.rpartition(":")[2] == "id"), "")
        if "worksheets" not in targets[link]:
            continue
        parts[attributes["name"]] = targets[link]
        if attributes.get("state", "visible") != "visible":
            hidden.add(attributes["name"])
    return parts, frozenset(hidden)


def _target(archive: zipfile.ZipFile, links: str, folder: str, kind: str) -> str:
    for name, attributes in elements(archive.read(links)):
        if name == "Relationship" and attributes.get("Type", "").endswith(f"/{kind}"):
            return _inside(PurePosixPath(folder), attributes["Target"])
    raise KeyError(kind)


def _inside(folder: PurePosixPath, target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else str(folder / target)

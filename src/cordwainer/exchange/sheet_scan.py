"""What a sheet holds besides values: formulas, errors, merged cells, hidden rows, and how far it reaches."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.parsers import expat

_SUSPECT = (b"<f", b":f", b'"e"', b"'e'", b"hidden", b"mergeCell", b"<!", b'"&#', b"'&#", b"<c\n", b"<c\t", b"<c\r")
_CELL = re.compile(rb'<c r="([A-Z]{1,3})[0-9]{1,7}"')
_CELL_ROW = re.compile(rb'<c r="[A-Z]{1,3}([0-9]{1,7})"')
_CELL_STARTS = (b"<c ", b"<c>", b"<c/", b":c")
_MOST_ROWS = 1_048_576
_LAST_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})$")
_PLAIN_XML = re.compile(
    rb"^(\xef\xbb\xbf)?\s*(<\?xml[^>]*(encoding=['\"](utf-8|UTF-8|us-ascii)['\"])[^>]*\?>)?\s*<[^?]"
)


class BadXml(Exception):
    """The part is not XML as a workbook has it."""


@dataclass
class Seen:
    """What was seen in a sheet.

    ``formulas`` and ``errors`` are cell references such as B7, ``merged`` ranges such as B9:C10, ``hidden`` the
    numbers of hidden rows, ``rows`` and ``columns`` the extent from A1.
    """

    formulas: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    rows: int = 0
    columns: int = 0

    def reach(self, reference: str) -> None:
        """Widen the extent to a cell."""
        if found := _LAST_CELL.fullmatch(reference):
            self.rows = max(self.rows, int(found[2]))
            self.columns = max(self.columns, column_number(found[1]))


def column_number(letters: str) -> int:
    """Return 1 for A, 27 for AA."""
    total = 0
    for letter in letters:
        total = total * 26 + ord(letter) - 64
    return total


def cell_place(reference: str) -> tuple[int, int]:
    """Return (row, column) from 1 of a reference such as B7.

    Raises
    ------
    BadXml
        If it is none.
    """
    found = _LAST_CELL.fullmatch(reference)
    if found is None:
        raise BadXml(reference)
    return int(found[2]), column_number(found[1])


def elements(data: bytes) -> list[tuple[str, dict[str, str]]]:
    """Return local name and attributes of every element, in order; for small parts.

    Raises
    ------
    BadXml
        If it is not well-formed or declares entities.
    """
    found: list[tuple[str, dict[str, str]]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        found.append((name.rpartition(":")[2], attributes))

    _run(data, start)
    return found


def _refuse(*_: object) -> None:
    raise BadXml("a document type is declared")


def _run(data: bytes, start: Callable[[str, dict[str, str]], None]) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise BadXml(str(error)) from error


def scan(data: bytes, cells: int) -> Seen:
    """Return what a sheet's part holds besides values.

    Plain sheets are only searched; anything unusual is read element by element.

    Parameters
    ----------
    data
        The part.
    cells
        Rows times columns that are too many; the extent is exact where it could reach this.

    Raises
    ------
    BadXml
        If it is not well-formed or declares entities.
    """
    seen = Seen()
    if _PLAIN_XML.match(data[:400]) and not any(mark in data for mark in _SUSPECT):
        columns = _CELL.findall(data)
        if len(columns) == sum(map(data.count, _CELL_STARTS)):
            seen.columns = max((column_number(letters.decode()) for letters in set(columns)), default=0)
            seen.rows = _MOST_ROWS
            if seen.columns * _MOST_ROWS > cells:
                seen.rows = max(map(int, set(_CELL_ROW.findall(data))), default=0)
            return seen
    _exact(data, seen)
    return seen


def _exact(data: bytes, seen: Seen) -> None:
    at = {"row": 0, "column": 0}
    cell = {"r": ""}

    def start(name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "row":
                at["row"] = int(attributes.get("r", at["row"] + 1))
                at["column"] = 0
                seen.rows = max(seen.rows, at["row"])
                if attributes.get("hidden") in ("1", "true"):
                    seen.hidden.append(at["row"])
            case "c":
                cell["r"] = attributes.get("r") or f"{_letters(at['column'] + 1)}{at['row']}"
                at["column"] = cell_place(cell["r"])[1]
                seen.reach(cell["r"])
                if attributes.get("t") == "e":
                    seen.errors.append(cell["r"])
            case "f":
                seen.formulas.append(cell["r"])
            case "mergeCell":
                seen.merged.append(attributes.get("ref", ""))

    _run(data, start)


def _letters(number: int) -> str:
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text

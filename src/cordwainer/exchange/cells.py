"""The rules by which one text becomes one value; what they do not name is refused with a reason.

Every function takes the text of a cell and returns the value, or raises `Refused` with the name of a rule.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from cordwainer.cluster import dictionary
from cordwainer.cluster.dictionary import Column

Value = str | int | float | date | bool

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_ALIKE: dict[int, int | str] = {0x3000: " ", 0x00A0: " ", 0x2212: "-", 0x301C: "~", 0xFFE5: "¥"}
_TABLE: dict[int, int | str] = {**_FULL_WIDTH, **_ALIKE}

_RANGE = re.compile(r"[+-]?[0-9][0-9,.]*[^0-9,.]*(?:-|–|—|~|至|到|\bto\b)\s*[0-9]")
_SCIENTIFIC = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?[eE][+-]?[0-9]+")
_NUMBER = re.compile(r"(?P<sign>[+-]?)(?P<whole>[0-9][0-9,]*)?(?P<part>\.[0-9]+)?\s*(?P<unit>[^0-9.,+\-\s].*)?")
_THOUSANDS = re.compile(r"[0-9]{1,3}(,[0-9]{3})+")
_CHINESE_NUMBER = re.compile(r"[零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟]")
_DATE = re.compile(r"([0-9]{4})\s*([-/.年])\s*([0-9]{1,2})\s*([-/.月])\s*([0-9]{1,2})(?:\s*(日|号))?(?P<rest>.*)")
_COMPACT_DATE = re.compile(r"(19|20)[0-9]{6}")
_SERIAL = re.compile(r"[2-7][0-9]{4}")
_DAY_FIRST = re.compile(r"[0-9]{1,2}[-/.][0-9]{1,2}[-/.]([0-9]{2}|[0-9]{4})")
_MIDNIGHT = re.compile(r"([T ]00:00(:00(\.0+)?)?)?")
_DATE_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?")
_LINE_BREAKS = re.compile(r"\s*[\r\n\t]+\s*")
_DIGITS_LIMIT = 40
_INT_LIMIT = 2**63
_NOISE = 1e-15
SERIAL_ZERO = date(1899, 12, 30)
"""Day 0 of the serial numbers of a spreadsheet (days before March 1900 are not accepted)."""

_YES = frozenset({"yes", "y", "true", "1", "1.0", "是", "有", "√", "是 yes"})
_NO = frozenset({"no", "n", "false", "0", "0.0", "否", "无", "×", "否 no"})


class Refused(Exception):
    """The text breaks a rule of its column; ``rule`` is its name."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


def plain(text: str) -> str:
    """Return a text with full-width characters made plain, without outer blanks."""
    return text.translate(_TABLE).strip()


@cache
def units() -> Mapping[str, frozenset[str]]:
    """Return the words that may stand for each unit."""
    path = files("cordwainer.exchange") / "units.csv"
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    return MappingProxyType({row["unit"]: frozenset(row["words"].split()) for row in rows})


@cache
def choice_names(choice: str) -> Mapping[str, str]:
    """Return the value for each accepted writing of a choice: id, either label, or both labels."""
    found: dict[str, str] = {}
    for value, label in dictionary.choices().get(choice, {}).items():
        en, zh = label.en, label.zh
        for name in (value, en, zh, f"{zh} {en}", f"{en} {zh}"):
            found[_fold(name)] = value
    return MappingProxyType(found)


def _fold(text: str) -> str:
    return " ".join(plain(text).casefold().split())


def number(text: str, column: Column) -> Decimal:
    """Return the number that a text stands for: digits, thousands commas, the column's own unit, % for shares."""
    bare = plain(text)
    if _DATE.fullmatch(bare):
        raise Refused("date-not-number")
    if _RANGE.match(bare):
        raise Refused("range")
    if _SCIENTIFIC.fullmatch(bare):
        raise Refused("scientific")
    found = _NUMBER.fullmatch(bare)
    if found is None or (found["whole"] is None and found["part"] is None) or len(bare) > _DIGITS_LIMIT:
        raise Refused("chinese-numeral" if _CHINESE_NUMBER.search(bare) else "not-a-number")
    whole = found["whole"] or "0"
    if "," in whole and not _THOUSANDS.fullmatch(whole):
        raise Refused("bad-separator")
    value = Decimal(f"{found['sign']}{whole.replace(',', '')}{found['part'] or ''}")
    return value / 100 if _is_percent(found["unit"], column) else value


def _is_percent(unit: str | None, column: Column) -> bool:
    """Return whether the unit says per cent; raise where it is not the column's."""
    if unit is None:
        return False
    word = unit.strip().casefold()
    if word == "%":
        if column.type != "share":
            raise Refused("percent")
        return True
    if _CHINESE_NUMBER.match(word):
        raise Refused("chinese-numeral")
    if word not in units().get(column.unit, frozenset()):
        raise Refused("unknown-unit")
    return False


def whole_number(text: str, column: Column) -> int:
    """Return a whole number; ``20.0`` counts as one."""
    value = number(text, column)
    if value != value.to_integral_value():
        raise Refused("not-whole")
    if abs(value) >= _INT_LIMIT:
        raise Refused("too-big")
    return int(value)


def decimal_number(text: str, column: Column) -> float:
    """Return a decimal number as the nearest double.

    A tail of binary noise (0.14300000000000002 for 0.143: more than 15 digits, off by less than one part in
    10**15) is taken off; other decimals beyond those of the column are left for its check to refuse.
    """
    value = number(text, column)
    rounded = round(value, column.decimals)
    if len(value.as_tuple().digits) > 15 and abs(value - rounded) <= abs(value) * Decimal(_NOISE):
        value = rounded
    return float(value)


def day(text: str) -> date:
    """Return a date: 2026-03-05, 2026/3/5, 2026.3.5, 2026年3月5日, 20260305, or a spreadsheet's serial number."""
    bare = plain(text)
    if _SERIAL.fullmatch(bare):
        return SERIAL_ZERO + timedelta(days=int(bare))
    if _COMPACT_DATE.fullmatch(bare):
        return _real_day(bare[:4], bare[4:6], bare[6:])
    found = _DATE.fullmatch(bare)
    if found is None:
        raise Refused("ambiguous-date" if _DAY_FIRST.fullmatch(bare) else "not-a-date")
    first, second, last = found[2], found[4], found[6]
    if (first, second) != ("年", "月") and (first != second or last):
        raise Refused("not-a-date")
    if not _MIDNIGHT.fullmatch(found["rest"]):
        raise Refused("time-in-date" if ":" in found["rest"] else "not-a-date")
    return _real_day(found[1], found[3], found[5])


def _real_day(year: str, month: str, day_of_month: str) -> date:
    try:
        return date(int(year), int(month), int(day_of_month))
    except ValueError as error:
        raise Refused("no-such-day") from error


def yes_no(text: str) -> bool:
    """Return yes or no: yes, no, 是, 否, true, false, 1, 0."""
    word = _fold(text)
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise Refused("not-yes-no")


def name(text: str) -> str:
    """Return an id or text as written, without outer blanks; line breaks inside become one blank."""
    if _DATE_TIME.fullmatch(text):
        raise Refused("date-not-name")
    return _LINE_BREAKS.sub(" ", text)


def choice(text: str, column: Column) -> str:
    """Return the value of a choice from its id or label."""
    value = choice_names(column.choice).get(_fold(text))
    if value is None:
        raise Refused("not-a-choice")
    return value


def read_cell(text: str, column: Column) -> Value:
    """Return the value of a cell by the type of its column.

    Raises
    ------
    Refused
        If the text breaks a rule.
    """
    match column.type:
        case "int" | "fen":
            return whole_number(text, column)
        case "number" | "share":
            return decimal_number(text, column)
        case "date":
            return day(text)
        case "bool":
            return yes_no(text)
        case "choice":
            return choice(text, column)
        case _:
            return name(text)

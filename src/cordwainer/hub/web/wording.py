"""Numbers, money and days as people read them on the pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType

from django.utils import timezone

from cordwainer.core import Language

UNKNOWN = "–"
_STEPS: Mapping[Language, tuple[tuple[float, float, str], ...]] = MappingProxyType(
    {"zh": ((1e8, 1e8, " 亿"), (1e4, 1e4, " 万")), "en": ((1e9, 1e9, " bn"), (1e6, 1e6, " m"), (1e5, 1e3, " k"))}
)
"""From which size on a number is written in which unit."""
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(value: date | None, language: Language) -> str:
    """Return a day without its year: 2 Mar, 3月2日."""
    if value is None:
        return UNKNOWN
    return f"{value.month}月{value.day}日" if language == "zh" else f"{value.day} {_MONTHS[value.month - 1]}"


def moment(value: datetime) -> str:
    """Return day and time where the cluster works."""
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"


def number(value: float | None) -> str:
    """Return a number in whole units, thousands separated."""
    return UNKNOWN if value is None else f"{value:,.0f}"


def yuan(fen: float | None) -> str:
    """Return fen as yuan with both decimals."""
    return UNKNOWN if fen is None else f"{fen / 100:,.2f}"


def short(value: float | None, language: Language) -> str:
    """Return a large number with few digits: 1.23 million, 123 万, 1.2 亿."""
    if value is None:
        return UNKNOWN
    for least, size, unit in _STEPS[language]:
        if abs(value) >= least:
            shown = value / size
            return f"{shown:,.{2 if abs(shown) < 10 else 1 if abs(shown) < 100 else 0}f}{unit}"
    return f"{value:,.0f}"

"""Errors that a person can act on: what is wrong, where, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cordwainer.core.text import Language, Text


class CordwainerError(Exception):
    """Base of all errors of this software.

    Parameters
    ----------
    code
        Short stable name, such as ``file-missing``.
    message
        What is wrong.
    remedy
        What to do about it.
    """

    def __init__(self, code: str, message: Text, remedy: Text) -> None:
        super().__init__(f"{code}: {message.en} {remedy.en}")
        self.code = code
        self.message = message
        self.remedy = remedy

    def say(self, language: Language) -> str:
        """Return message and remedy in one language."""
        gap = "" if language == "zh" else " "
        return f"{self.message.in_(language)}{gap}{self.remedy.in_(language)}"


class UserError(CordwainerError):
    """What was asked for cannot be done as asked: change the request as the remedy says."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with the data, at one place.

    ``row`` is the number of the row in its file or sheet as a person counts it (header = 1), or None.
    """

    rule: str
    message: Text
    remedy: Text
    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None


class DataErrors(CordwainerError):
    """The data cannot be used: the problems that were found, together.

    Mend the rows listed in ``problems`` and read the data again. ``total`` counts the problems that are not listed too.
    """

    def __init__(self, problems: Sequence[Problem], total: int | None = None) -> None:
        self.problems = tuple(problems)
        listed = len(self.problems)
        self.total = listed if total is None else total
        count = Text(f"{self.total:,} problem(s) in the data.", f"数据中有 {self.total:,} 处问题。")
        if self.total > listed:
            count = Text(f"{count.en} {listed:,} of them are listed.", f"{count.zh}清单列出其中 {listed:,} 处。")
        super().__init__(
            "data-errors",
            count,
            Text("Mend the places listed and read the data again.", "请按清单修改后重新读取。"),
        )

"""What a command shows: texts, tables and errors in one language, or JSON for scripts."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from cordwainer.cli.language import preferred
from cordwainer.core import CordwainerError, DataErrors, Language, Problem, Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

    from cordwainer.exchange import View

_LEAST_OF_TEXT, _LEAST_OF_PROSE, _PROSE, _GAP = 14, 30, 60, 3
_PROBLEMS_SHOWN = 50
_ROW = 2


def _line(text: str, stream: TextIO) -> None:
    print(text, file=stream, flush=True)


class Head(NamedTuple):
    """The heading of a column; its values stand to the ``right``, and ``whole`` ones are not broken over lines."""

    text: str
    right: bool = False
    whole: bool = False


def table(heads: Sequence[Head], rows: Sequence[Sequence[str]], stream: TextIO, title: str = "") -> None:
    """Print a table as wide as the terminal, or wider where numbers and dates would be broken; in full to a file."""
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    grid = Table(box=box.SIMPLE_HEAD, title=escape(title) or None, title_justify="left", title_style="bold")
    widths = _widths(heads, rows, Console(file=stream).width if stream.isatty() else None)
    for head, width in zip(heads, widths, strict=True):
        grid.add_column(escape(head.text), justify="right" if head.right else "left", overflow="fold", width=width)
    for row in rows:
        grid.add_row(*(escape(cell) for cell in row))
    wide = sum(widths) + _GAP * (len(widths) + 1)
    Console(file=stream, width=max(wide, _wide(title)), highlight=False).print(grid)


def _wide(text: str) -> int:
    from rich.cells import cell_len

    return cell_len(text)


def _widths(heads: Sequence[Head], rows: Sequence[Sequence[str]], most: int | None) -> list[int]:
    """Return the width of each column: all it wants, or else what is left of ``most`` beyond the least of each."""
    wants, least = [], []
    for k, head in enumerate(heads):
        widest = max((_wide(row[k]) for row in rows), default=0)
        word = max(map(_wide, head.text.split()), default=0)
        wants.append(max(widest, _wide(head.text)))
        enough = _LEAST_OF_PROSE if widest > _PROSE else _LEAST_OF_TEXT
        least.append(max(widest if head.whole else min(widest, enough), min(word, _LEAST_OF_TEXT)))
    if most is None or sum(wants) + _GAP * (len(wants) + 1) <= most:
        return wants
    spare = max(0, most - sum(least) - _GAP * (len(least) + 1))
    more = max(1, sum(wants) - sum(least))
    return [low + spare * (want - low) // more for want, low in zip(wants, least, strict=True)]


@dataclass(frozen=True, slots=True)
class Screen:
    """Where the output of a command goes; with ``json`` only `data` writes to standard output."""

    language: Language
    json: bool = False

    @staticmethod
    def of(language: Language | None, as_json: bool) -> Screen:
        """Return the screen for the options of a command."""
        return Screen(language or preferred(), as_json)

    def say(self, text: Text) -> None:
        """Write a result as text; nothing with JSON."""
        if not self.json:
            _line(text.in_(self.language), sys.stdout)

    def note(self, text: Text) -> None:
        """Write a remark to standard error."""
        _line(text.in_(self.language), sys.stderr)

    def data(self, value: Mapping[str, Any] | list[Any]) -> None:
        """Write JSON to standard output; nothing without ``json``."""
        if self.json:
            _line(json.dumps(value, ensure_ascii=False, indent=1, default=str), sys.stdout)

    def view(self, view: View, limit: int = 0) -> None:
        """Print a view as a table; at most ``limit`` rows where that is not 0."""
        if self.json:
            return
        count = view.frame.height
        shown = min(limit, count) if limit else count
        heads = [Head(c.label.in_(self.language), c.is_number, c.is_whole) for c in view.columns]
        table(heads, list(view.cells(self.language, shown)), sys.stdout, view.title.in_(self.language))
        if not count:
            self.say(Text("  Nothing of this kind.", "  没有此类内容。"))
        if shown < count:
            self.say(
                Text(
                    f"  {shown:,} of {count:,} rows; --rows 0 shows all.",
                    f"  共 {count:,} 行，显示 {shown:,} 行；--rows 0 全部显示。",
                )
            )

    def problems(self, problems: Sequence[Problem], *, noted: bool = False) -> None:
        """Print problems of data, or what was merely ``noted``, as a table: where, what, and what to do."""
        what = Text("What was noticed", "提示") if noted else Text("What is wrong", "问题")
        names = Text(f"File|Sheet|Row|Column|Value|{what.en}|What to do", f"文件|表|行|列|值|{what.zh}|处理办法")
        heads = names.in_(self.language).split("|")
        rows = [
            (
                p.file or "",
                p.sheet or "",
                "" if p.row is None else str(p.row),
                p.column or "",
                p.value or "",
                p.message.in_(self.language),
                p.remedy.in_(self.language),
            )
            for p in problems[:_PROBLEMS_SHOWN]
        ]
        # File, sheet, row and column are what one looks up: they stay whole. CSV has no sheets.
        used = [k for k in range(len(heads)) if any(row[k] for row in rows)]
        shown = [Head(heads[k], k == _ROW, k <= _ROW + 1) for k in used]
        table(shown, [[row[k] for k in used] for row in rows], sys.stderr)
        if len(problems) > _PROBLEMS_SHOWN:
            more = len(problems) - _PROBLEMS_SHOWN
            self.note(
                Text(
                    f"... and {more:,} more; `cordwainer check PATH --problems FILE.csv` writes the list.",
                    f"……另有 {more:,} 处；用 cordwainer check PATH --problems 文件.csv 写出清单。",
                )
            )

    def error(self, error: CordwainerError) -> None:
        """Write an error with its remedy to standard error, as JSON where that was asked for."""
        if self.json:
            body: dict[str, Any] = {"error": error.code, "message": error.message.in_(self.language)}
            body["remedy"] = error.remedy.in_(self.language)
            if isinstance(error, DataErrors):
                body["problems"] = [record_of(p, self.language) for p in error.problems]
            _line(json.dumps(body, ensure_ascii=False, indent=1), sys.stderr)
            return
        if isinstance(error, DataErrors):
            self.problems(error.problems)
        self.note(Text(error.say("en"), error.say("zh")))


def record_of(problem: Problem, language: Language) -> dict[str, Any]:
    """Return a problem as plain values in a language."""
    return {
        "rule": problem.rule,
        "file": problem.file,
        "sheet": problem.sheet,
        "row": problem.row,
        "column": problem.column,
        "value": problem.value,
        "message": problem.message.in_(language),
        "remedy": problem.remedy.in_(language),
    }

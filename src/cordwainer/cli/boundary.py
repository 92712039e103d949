"""The outermost boundary of the program: every error becomes a message and an exit code."""

from __future__ import annotations

import os
import sys
import traceback
from types import TracebackType

import typer

from cordwainer.cli.language import preferred
from cordwainer.cli.screen import Screen
from cordwainer.cli.usage import usage_error
from cordwainer.core import CordwainerError, Text

OK, NOT_CERTIFIED, BAD_INPUT, INTERNAL, STOPPED = 0, 1, 2, 3, 130
"""Exit codes: docs/how-to/command-line.md."""


class Boundary:
    """Context that turns what escapes from a command into an exit code.

    Errors of this software and wrong usage end with 2 and their remedy, an interrupt with 130, anything else with 3.
    """

    def __enter__(self) -> Boundary:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None or isinstance(error, SystemExit | GeneratorExit):
            return
        screen = Screen(preferred(), "--json" in sys.argv)
        if isinstance(error, typer.TyperException):
            error = _told(error)
        if isinstance(error, CordwainerError):
            screen.error(error)
            raise SystemExit(BAD_INPUT) from error
        if isinstance(error, KeyboardInterrupt):
            screen.note(Text("Stopped.", "已停止。"))
            raise SystemExit(STOPPED) from error
        if os.environ.get("CORDWAINER_TRACE"):
            traceback.print_exception(kind, error, trace)
        screen.note(
            Text(
                f"Internal error: {kind.__name__ if kind else ''}: {error}. Set CORDWAINER_TRACE=1 to see where.",
                f"内部错误：{kind.__name__ if kind else ''}：{error}。设置 CORDWAINER_TRACE=1 可查看出错位置。",
            )
        )
        raise SystemExit(INTERNAL) from error


def _told(error: typer.TyperException) -> CordwainerError:
    called = [name for name in sys.argv[1:2] if not name.startswith("-")]
    return usage_error(error, " ".join(["cordwainer", *called]))

"""The help of the commands: in the language of the call throughout, also where the library speaks English."""

from __future__ import annotations

from typing import Any

from typer.core import TyperCommand, TyperGroup

from cordwainer.cli.language import preferred

# Types are as wide as in English, so that what stands beside them stays in line.
_WORDS = (
    ("Usage: ", "用法："),
    ("Arguments:", "参数："),
    ("Options:", "选项："),
    ("Commands:", "命令："),
    ("[OPTIONS]", "[选项]"),
    (" COMMAND [ARGS]...", " 命令 [参数]..."),
    ("[required]", "[必填]"),
    ("[default: ", "[默认："),
    ("[default:", "[默认："),  # where the line ends after it
    ("Show this message and exit.", "显示本帮助。"),
    ("<int range>", "<整数>     "),
    ("<float range>", "<数值>       "),
    ("<path>", "<路径>"),
    ("<text>", "<文本>"),
)


def _said(text: str) -> str:
    if preferred() == "zh":
        for en, zh in _WORDS:
            text = text.replace(en, zh)
    return text


class Command(TyperCommand):
    """A command whose help is in the language of the call."""

    def get_help(self, ctx: Any) -> str:  # noqa: ANN401 (the library shows no class for it)
        """Return the help."""
        return _said(super().get_help(ctx))


class Group(TyperGroup):
    """The program, whose help is in the language of the call."""

    def get_help(self, ctx: Any) -> str:  # noqa: ANN401 (the library shows no class for it)
        """Return the help."""
        return _said(super().get_help(ctx))

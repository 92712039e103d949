"""Wrong usage of a command, told like every other error: in the language of the call, with a remedy, exit code 2."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Any

import typer

from cordwainer.core import Text, UserError

_NO_COMMAND = re.compile(r"No such command '(?P<name>.*?)'\.")
_EXTRA = re.compile(r"unexpected extra argument\(?s?\)? \((?P<names>.*)\)")


def usage_error(error: typer.TyperException, command: str) -> UserError:
    """Return the error of this software for one of the library that parses the command line.

    Parameters
    ----------
    error
        What the library raised.
    command
        What was called as far as it is known, such as ``cordwainer plan``, where the error does not say.
    """
    context = getattr(error, "ctx", None)
    path = context.command_path if context else command
    code, message, more = _told(error, context)
    see = Text(f"`{path} --help` shows how it is used.", f"用 {path} --help 查看用法。")
    return UserError(code, message, Text(f"{more.en} {see.en}".strip(), f"{more.zh}{see.zh}"))


def _told(error: typer.TyperException, context: Any) -> tuple[str, Text, Text]:  # noqa: ANN401
    """Return code, message, and what is known of a remedy; the kinds of error have names, but no public classes."""
    nothing = Text("", "")
    match type(error).__name__:
        case "NoSuchOption":
            option = str(getattr(error, "option_name", ""))
            message = Text(f'There is no option "{option}".', f"没有选项“{option}”。")
            return "unknown-option", message, _perhaps(getattr(error, "possibilities", None) or [])
        case "MissingParameter":
            name = _name(error)
            return "missing-argument", Text(f"{name} is missing.", f"缺少 {name}。"), nothing
        case "BadParameter":
            return "bad-value", *_bad_value(error)
        case "BadOptionUsage":
            option = str(getattr(error, "option_name", ""))
            if "requires" in error.message:
                return "missing-value", Text(f"Option {option} needs a value.", f"选项 {option} 缺少取值。"), nothing
            return "needless-value", Text(f"Option {option} takes no value.", f"选项 {option} 不带取值。"), nothing
    if found := _NO_COMMAND.search(error.message):
        name = found["name"]
        known = list(getattr(context.command, "commands", ())) if context else []
        message = Text(f'There is no command "{name}".', f"没有命令“{name}”。")
        return "unknown-command", message, _perhaps(get_close_matches(name, known))
    if found := _EXTRA.search(error.message):
        names = found["names"]
        return "extra-argument", Text(f"Too many arguments: {names}.", f"参数过多：{names}。"), nothing
    wrong = error.format_message().rstrip(".")
    return "wrong-usage", Text(f"Wrong usage: {wrong}.", f"用法有误：{wrong}。"), nothing


def _perhaps(names: list[str]) -> Text:
    if not names:
        return Text("", "")
    return Text(f"Perhaps {' or '.join(names)} is meant.", f"是否指 {' 或 '.join(names)}？")


def _name(error: typer.TyperException) -> str:
    """Return an argument or option as the help writes it."""
    parameter = getattr(error, "param", None)
    if parameter is None:
        return ""
    return str(parameter.get_error_hint()).replace("'", "")


def _bad_value(error: typer.TyperException) -> tuple[Text, Text]:
    name = _name(error)
    found: Any = error.__cause__
    cause = found.errors()[0] if hasattr(found, "errors") else {}
    given = cause.get("input", "")
    message = Text(f'{name} cannot be "{given}".', f"{name} 不能是“{given}”。")
    return message, _allowed(error, str(cause.get("type", "")), cause.get("ctx", {}))


def _allowed(error: typer.TyperException, kind: str, limits: dict[str, Any]) -> Text:
    """Return in words what would be allowed."""
    described = getattr(getattr(error, "param", None), "type_descriptor", None)
    if choices := getattr(described, "choices", None):
        return Text(f"Choose one of: {', '.join(choices)}.", f"可选：{'、'.join(choices)}。")
    if getattr(getattr(described, "parameter_info", None), "formats", None):
        return Text("Give a day such as 2026-03-02.", "请填 2026-03-02 这样的日期。")
    if "ge" in limits:
        return Text(f"Give {limits['ge']:g} or more.", f"请填不小于 {limits['ge']:g} 的值。")
    if kind.startswith("int"):
        return Text("Give a whole number.", "请填整数。")
    if kind.startswith("float"):
        return Text("Give a number.", "请填数字。")
    return Text(f"{error.message}.", f"{error.message}。")

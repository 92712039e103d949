"""Where a command may write: said before any work is done, and never over what it reads."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cordwainer.core import Text, UserError

if TYPE_CHECKING:
    from cordwainer.cli.screen import Screen
    from cordwainer.exchange import Format, View

_FILE_ENDINGS = frozenset({".xlsx", ".xlsm", ".xls", ".csv", ".tsv", ".txt", ".parquet", ".json", ".html", ".zip"})


def format_for(path: Path, name: str | None) -> Format:
    """Return the format to write: the one asked for, else by the ending of the path.

    Raises
    ------
    UserError
        If there is no such format, or the path ends as a file of another kind does.
    """
    from cordwainer.exchange import FORMATS

    wanted = {"xlsx": "excel", None: "excel" if path.suffix.lower() == ".xlsx" else "csv"}.get(name, name)
    form = next((known for known in FORMATS if known == wanted), None)
    if form is None:
        raise UserError(
            "bad-value",
            Text(f'--format cannot be "{name}".', f"--format 不能是“{name}”。"),
            Text(f"Choose one of: {', '.join(FORMATS)}.", f"可选：{'、'.join(FORMATS)}。"),
        )
    if form == "excel":
        refuse_ending(path, ".xlsx")
    elif path.suffix.lower() in _FILE_ENDINGS:
        raise UserError(
            "bad-name",
            Text(
                f"{path} is a file's name, but {form} is written as a folder.",
                f"{path} 是文件名，而 {form} 写成文件夹。",
            ),
            Text(
                "Give a name without ending, or one that ends in .xlsx for a workbook.",
                "请去掉后缀；要写成工作簿，请用 .xlsx 结尾的名称。",
            ),
        )
    return form


def refuse_ending(path: Path, *endings: str) -> None:
    """Raise if a file's name does not end as what is written into it.

    Raises
    ------
    UserError
        If it ends otherwise.
    """
    if path.suffix.lower() not in endings:
        raise UserError(
            "bad-name",
            Text(f"{path} does not end in {endings[0]}.", f"{path} 不以 {endings[0]} 结尾。"),
            Text(f"Give a name that ends in {endings[0]}.", f"请使用以 {endings[0]} 结尾的名称。"),
        )


def refuse_inputs(path: Path, *inputs: Path) -> None:
    """Raise if writing to a path would change what the command reads.

    Raises
    ------
    UserError
        If the path is one of the inputs or lies inside one.
    """
    target = path.resolve()
    for source in inputs:
        told = Text("", "")
        if target == source.resolve():
            told = Text(
                f"{path} is what is read; it would be overwritten.", f"{path} 正是所读取的数据，写入会将其覆盖。"
            )
        elif source.resolve() in target.parents:
            told = Text(f"{path} lies inside {source}, which is read.", f"{path} 位于所读取的 {source} 之内。")
        if told.en:
            raise UserError("out-is-input", told, Text("Choose another place to write to.", "请换一个写出位置。"))


def refuse_existing(path: Path) -> None:
    """Raise if something stands at a path already: a workbook to fill in may have been filled in.

    Raises
    ------
    UserError
        If it does.
    """
    if path.exists():
        raise UserError(
            "exists",
            Text(f"{path} is there already and may be filled in.", f"{path} 已存在，可能已填写内容。"),
            Text("Choose another name, or remove it first.", "请换一个名称，或先将其删除。"),
        )


def refuse_out(out: Path | None, *inputs: Path) -> None:
    """Raise before any work if a table could not be written there."""
    if out is not None:
        refuse_ending(out, ".csv", ".xlsx", ".json")
        refuse_inputs(out, *inputs)


def written(screen: Screen, view: View, out: Path | None) -> None:
    """Write a table where that was asked for, and say so."""
    if out is None:
        return
    from cordwainer.exchange import write_view

    write_view(view, out, screen.language)
    screen.say(Text(f"Written to {out}.", f"已写入 {out}。"))

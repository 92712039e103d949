"""Every error leaves the program as a message and the exit code of its kind."""

import json
import re
from pathlib import Path

import pytest

from cordwainer.cli import run
from cordwainer.cli.boundary import BAD_INPUT, INTERNAL, STOPPED, Boundary
from cordwainer.core import Text, UserError


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UserError("some-code", Text("wrong", "错"), Text("mend it", "请改")), BAD_INPUT),
        (KeyboardInterrupt(), STOPPED),
        (ZeroDivisionError("division"), INTERNAL),
    ],
)
def test_kind_of_error_decides_the_exit_code(
    error: BaseException, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end, Boundary():
        raise error
    assert end.value.code == code
    assert capsys.readouterr().err


def test_exit_code_of_a_command_is_left_alone() -> None:
    with pytest.raises(SystemExit) as end, Boundary():
        raise SystemExit(1)
    assert end.value.code == 1


def test_missing_file_is_bad_input_in_the_language_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "no-such-folder", "--lang", "zh"]) == BAD_INPUT
    said = capsys.readouterr()
    assert "没有文件或文件夹" in said.err
    assert said.out == ""


def test_errors_are_json_where_json_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "no-such-folder", "--json"]) == BAD_INPUT
    assert json.loads(capsys.readouterr().err)["error"] == "file-missing"


WRONG_USAGE = {
    "unknown-command": (["chekc", "x"], ("no command", "check", "cordwainer --help"), ("没有命令", "check")),
    "unknown-option": (
        ["plan", "a", "b", "--tim", "3"],
        ("no option", "--time", "plan --help"),
        ("没有选项", "--time"),
    ),
    "missing-argument": (["plan", "a"], ("OUT is missing", "cordwainer plan --help"), ("缺少 OUT", "plan --help")),
    "missing-value": (["plan", "a", "b", "--time"], ("--time needs a value", "plan --help"), ("缺少取值",)),
    "needless-value": (["show", "a", "b", "--json=3"], ("takes no value", "show --help"), ("不带取值",)),
    "extra-argument": (["check", "a", "b"], ("Too many arguments: b", "check --help"), ("参数过多：b",)),
    "choice": (["sample", "x", "--size", "XL"], ('"XL"', "S, M, L", "sample --help"), ("不能是“XL”", "S、M、L")),
    "argument": (
        ["explain", "a", "b", "shoe", "x"],
        ('"shoe"', "order, line, price"),
        ("“shoe”", "order、line、price"),
    ),
    "whole number": (["plan", "a", "b", "--work", "1.5"], ('"1.5"', "whole number"), ("“1.5”", "请填整数")),
    "number": (["plan", "a", "b", "--time", "x"], ('"x"', "Give a number"), ("“x”", "请填数字")),
    "least": (["plan", "a", "b", "--time", "0"], ('"0"', "0.1 or more"), ("“0”", "不小于 0.1")),
    "day": (["plan", "a", "b", "--first-date", "5/3/2026"], ("5/3/2026", "2026-03-02"), ("5/3/2026", "的日期")),
    "format": (["convert", "a", "b", "--format", "pdf"], ('"pdf"', "csv, excel, parquet"), ("“pdf”", "csv、excel")),
}


@pytest.mark.parametrize("name", WRONG_USAGE)
def test_wrong_usage_is_told_in_both_languages_with_a_remedy(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments, english, chinese = WRONG_USAGE[name]
    for language, parts in (("en", english), ("zh", chinese)):
        assert run([arguments[0], f"--lang={language}", *arguments[1:]]) == BAD_INPUT
        said = capsys.readouterr()
        assert said.out == ""
        assert all(part in said.err for part in parts), said.err
        assert bool(re.search(r"[\u4e00-\u9fff]", said.err)) == (language == "zh")


def test_wrong_language_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "x", "--lang", "fr"]) == BAD_INPUT
    assert "en, zh" in capsys.readouterr().err


def test_wrong_usage_is_json_where_json_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plan", "a", "b", "--json", "--tim", "3"]) == BAD_INPUT
    said = json.loads(capsys.readouterr().err)
    assert said["error"] == "unknown-option"
    assert "--help" in said["remedy"]


def test_nothing_at_all_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([]) == BAD_INPUT
    assert "cordwainer [OPTIONS] COMMAND" in capsys.readouterr().out


def test_nothing_is_written_on_bad_input(tmp_path: Path) -> None:
    (tmp_path / "firm.csv").write_text("firm,districts\nF1,nowhere\n", encoding="utf-8")
    out = tmp_path / "out"
    assert run(["convert", str(tmp_path), str(out)]) == BAD_INPUT
    assert run(["plan", str(tmp_path), str(out)]) == BAD_INPUT
    assert not out.exists()

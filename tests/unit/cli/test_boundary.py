"""Every error leaves the program as a message and the exit code of its kind."""

import json
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


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["plan"], ["sample", "x", "--size", "XL"], ["show", "--lang", "fr"]]
)
def test_wrong_usage_is_bad_input(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == BAD_INPUT
    assert "Usage" in capsys.readouterr().err


def test_nothing_is_written_on_bad_input(tmp_path: Path) -> None:
    (tmp_path / "firm.csv").write_text("firm,districts\nF1,nowhere\n", encoding="utf-8")
    out = tmp_path / "out"
    assert run(["convert", str(tmp_path), str(out)]) == BAD_INPUT
    assert run(["plan", str(tmp_path), str(out)]) == BAD_INPUT
    assert not out.exists()

"""Where a command may write: said at once, in both languages, and what stands there stays as it was."""

from pathlib import Path

import pytest

from cordwainer.cli import run
from cordwainer.exchange import write_cluster, write_plan
from tests.small_plan import small_cluster, small_plan


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folder with a cluster, a plan, a folder of other origin, a file and a workbook; it is also the current one."""
    write_cluster(small_cluster(), tmp_path / "cluster", "csv")
    write_plan(small_plan(), tmp_path / "plan", "csv")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "file.html").write_text("mine", encoding="utf-8")
    (tmp_path / "filled.xlsx").write_bytes(b"mine")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _everything(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("show cluster cluster", "cluster"),
        ("verify plan cluster", "plan"),
        ("check plan", "plan"),
        ("plan cluster cluster", "cluster"),
        ("plan cluster other", "letter.txt"),
        ("plan cluster file.html", "file.html"),
        ("convert cluster plan", "plan"),
        ("convert cluster cluster", "cluster"),
        ("convert cluster out.xls", "out.xls"),
        ("convert cluster out.xlsx --format csv", "out.xlsx"),
        ("convert cluster out --format excel", ".xlsx"),
        ("export cluster plan out.csv", ".xlsx"),
        ("export cluster plan cluster/out.xlsx", "cluster"),
        ("export cluster plan file.html/out.xlsx", "file.html"),
        ("report cluster plan out.pdf", ".html"),
        ("report cluster plan file.html/out.html", "file.html"),
        ("report cluster plan plan/out.html", "plan"),
        ("template filled.xlsx --own", "filled.xlsx"),
        ("template out.xls", ".xlsx"),
        ("check cluster --problems cluster/order.csv", "cluster"),
        ("check cluster --problems out.txt", ".csv"),
    ],
)
def test_refused_with_nothing_written(
    command: str, told: str, language: str, places: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = _everything(places)
    assert run([*command.split(), "--lang", language]) == 2
    said = capsys.readouterr()
    assert told in said.err
    assert "Errno" not in said.err
    assert any("\u4e00" <= c <= "\u9fff" for c in said.err) == (language == "zh")
    assert said.out == ""
    assert _everything(places) == before


def test_an_older_plan_is_replaced_by_a_plan(places: Path) -> None:
    write_plan(small_plan(), places / "plan", "parquet")
    assert {p.suffix for p in (places / "plan").iterdir()} == {".parquet", ".json"}

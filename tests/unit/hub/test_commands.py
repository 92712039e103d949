"""The operator's commands, one after another in a hub of their own, as they would be typed."""

import json
import os
import subprocess
import sys
from pathlib import Path

from cordwainer.exchange import write_cluster, write_plan
from tests.small_plan import small_cluster, small_plan

PROGRAM = """
import json, sys
from cordwainer.cli import run
for arguments in json.loads(sys.argv[1]):
    print(json.dumps(run(arguments)), flush=True)
"""


def typed(folder: Path, *commands: list[str]) -> list[str]:
    """Run commands in one process, and return the lines that they print: each command's own, then its exit code."""
    environment = {**os.environ, "CORDWAINER_HUB_DIR": str(folder / "data"), "CORDWAINER_LANG": "en"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps(commands)],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_import_export_audit_and_second_factor(tmp_path: Path) -> None:
    write_cluster(small_cluster(), tmp_path / "cluster", "csv")
    write_plan(small_plan(), tmp_path / "plan", "csv")
    said = typed(
        tmp_path,
        ["hub", "export", "early"],
        ["hub", "migrate"],
        ["hub", "import", "cluster", "--plan", "plan"],
        ["hub", "export", "out", "--json"],
        ["hub", "verify-audit"],
        ["hub", "audit", "audit.csv"],
        ["hub", "floor", "late", "late.xlsx"],
        ["hub", "floor", "none", "none.xlsx"],
        ["hub", "code", "nobody"],
        ["hub", "account", "13800000001", "--role", "maker", "--firm", "F00"],
        ["hub", "account", "13800000001", "--role", "maker", "--firm", "F99"],
    )
    codes = [int(line) for line in said if line.isdigit()]
    assert codes == [2, 0, 0, 0, 0, 0, 0, 2, 2, 0, 2]
    assert "Version 1 of the data, run 1" in said
    assert small_cluster().hash in "".join(said)
    assert any(line.startswith("The audit is whole: ") for line in said)
    assert (tmp_path / "audit.csv").read_text(encoding="utf-8").startswith("seq,at,account,action")
    assert "0 rows written to late.xlsx." in said
    assert (tmp_path / "late.xlsx").read_bytes().startswith(b"PK")
    assert (tmp_path / "data" / "secret").stat().st_mode & 0o077 == 0


def test_an_audit_that_was_tampered_with_ends_with_exit_code_one(tmp_path: Path) -> None:
    write_cluster(small_cluster(), tmp_path / "cluster", "csv")
    typed(tmp_path, ["hub", "import", "cluster"])
    forged = "UPDATE t_line_statement SET fen_pair = 1 WHERE line = 'L00cu'"
    subprocess.run(
        [
            sys.executable,
            "-c",
            f"import sqlite3; c = sqlite3.connect('data/hub.sqlite3'); c.execute({forged!r}); c.commit()",
        ],
        cwd=tmp_path,
        check=True,
    )
    said = typed(tmp_path, ["hub", "verify-audit"])
    assert said == ["Rows of table line_statement that change 1 brought or ended were altered.", "1"]

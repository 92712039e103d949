"""The repository checks find each thing that they are for, and nothing in the repository itself."""

import subprocess
from pathlib import Path

import pytest

from scripts import check_licences, check_repo, check_rooms


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Make an empty git repository."""
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / "tests").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("a.py", "open('/ho" + "me/someone/x')", "a.py:1: absolute path"),
        ("a.md", "see /wo" + "rk/shared", "a.md:1: absolute path"),
        ("a.py", "x = '/t" + "mp/out'", "a.py:1: absolute path"),
        ("a.md", "C:\\Us" + "ers\\me", "a.md:1: absolute path"),
        ("a.lock", "--index" + "-url x", "a.lock:1: address"),
        ("a.toml", "url = 'https://mirror.example/sim" + "ple'", "a.toml:1: address"),
        ("tests/test_a.py", "@pytest.mark.sk" + "ip", "test_a.py:1: skipped"),
        ("tests/test_a.py", "import x\npytest.importor" + "skip('x')", "test_a.py:2: skipped"),
        ("a.py", "x = 1\n" * 401, "a.py: 401 lines"),
        ("a.csv", "x" * (1 << 20) + "y", "a.csv: 1.0 MiB"),
    ],
)
def test_finds_what_must_not_be_there(repository: Path, name: str, text: str, found: str) -> None:
    (repository / name).write_text(text, encoding="utf-8")
    (finding,) = check_repo.findings(repository)
    assert found in finding


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.sh", "#!/usr/bin/env bash\ncd docs/wo" + "rk/x\n$HOME/ho" + "me/x"),
        ("a.py", "x = 1\n" * 400),
        ("a.csv", "x" * (1 << 20)),
        ("a.md", "Why pytest.sk" + "ip( is not used."),
    ],
)
def test_leaves_the_rest_in_peace(repository: Path, name: str, text: str) -> None:
    (repository / name).write_text(text, encoding="utf-8")
    assert list(check_repo.findings(repository)) == []


def test_ignored_files_do_not_count(repository: Path) -> None:
    (repository / ".gitignore").write_text("out/\n", encoding="utf-8")
    (repository / "out").mkdir()
    (repository / "out" / "a.md").write_text("/ro" + "ot/x", encoding="utf-8")
    assert list(check_repo.findings(repository)) == []


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [
        ("MIT", True),
        ("DFSG approved; MIT License", True),
        ("BSD License; Apache Software License", True),
        ("BSD-2-Clause AND Apache-2.0 WITH LLVM-exception", True),
        ("GPL-3.0-only OR MIT", True),
        ("(GPL-3.0-only OR MIT) AND 0BSD", True),
        ("GPL-3.0-only AND MIT", False),
        ("(GPL-3.0-only AND MIT) OR AGPL-3.0-only", False),
        ("MIT License; GNU General Public License v3 (GPLv3)", False),
        ("DFSG approved", False),
        ("UNKNOWN", False),
        ("", False),
    ],
)
def test_licence_expressions(licence: str, allowed: bool) -> None:
    assert check_licences.is_allowed(licence) is allowed


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("from cordwainer.core.money import Fen", "past the door of the room core"),
        ("import cordwainer.core", "past the door of the room core"),
        ("from cordwainer.core import hidden", "hidden is not in __all__ of the room core"),
        ("from cordwainer.core import Fen", None),
        ("from cordwainer.cluster.tables import x", None),
        ("import polars", None),
    ],
)
def test_doors_of_the_rooms(tmp_path: Path, statement: str, found: str | None) -> None:
    for room in ("core", "cluster"):
        (tmp_path / room).mkdir()
        (tmp_path / room / "__init__.py").write_text('__all__ = ["Fen"]\n', encoding="utf-8")
    (tmp_path / "cluster" / "a.py").write_text(f"{statement}\n", encoding="utf-8")
    findings = list(check_rooms.findings(tmp_path))
    assert len(findings) == (found is not None)
    assert all(found is not None and found in finding for finding in findings)

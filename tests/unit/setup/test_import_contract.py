"""The import contract refuses what house rules forbid: shown on small packages with one wrong import each."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest


def lint(root: Path, folder: Path, files: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Check a package of the given files (path inside the package to text) with the project's contract."""
    shutil.copy(root / "pyproject.toml", folder)
    for name, text in {"__init__.py": "", **files}.items():
        path = folder / "cordwainer" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parent / "__init__.py").touch()
        path.write_text(text, encoding="utf-8")
    command = [str(Path(sys.prefix) / "bin" / "lint-imports"), "--no-cache", "--no-logo"]
    return subprocess.run(
        command, cwd=folder, env={"PYTHONPATH": str(folder)}, capture_output=True, text=True, check=False
    )


WRONG = [
    ({"core/a.py": "import cordwainer.cluster", "cluster/b.py": ""}, "core is not allowed to import"),
    ({"planning/a.py": "import cordwainer.referee", "referee/b.py": ""}, "planning is not allowed to import"),
    ({"hub/a.py": "import cordwainer.cli", "cli/b.py": ""}, "hub is not allowed to import"),
    ({"planning/c.py": "import highspy"}, "cordwainer.planning.c -> highspy"),
    ({"cluster/a.py": "from ortools.sat.python import cp_model"}, "cordwainer.cluster.a -> ortools"),
    ({"cli/a.py": "import django"}, "cordwainer.cli.a -> django"),
]
"""Files of a package, each with one wrong import, and what is said of it."""


@pytest.fixture(scope="module")
def refused(root: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return what the check says of a package with all of them; they are told one by one."""
    files = {name: text for wrong, _ in WRONG for name, text in wrong.items()}
    result = lint(root, tmp_path_factory.mktemp("wrong"), files)
    assert result.returncode == 1
    assert "BROKEN" in result.stdout
    return result.stdout


@pytest.mark.parametrize("broken", [said for _, said in WRONG])
def test_refuses(refused: str, broken: str) -> None:
    assert broken in refused


def test_refuses_a_room_without_a_rank(root: Path, tmp_path: Path) -> None:
    result = lint(root, tmp_path, {"attic/a.py": ""})
    assert result.returncode == 1
    assert "cordwainer.attic" in result.stdout


def test_allows_imports_downwards_and_solvers_in_their_room(root: Path, tmp_path: Path) -> None:
    files = {
        "core/a.py": "",
        "cluster/a.py": "import cordwainer.core",
        "solvers/a.py": "import highspy\nimport ortools",
        "solvers/__init__.py": "import highspy",
        "planning/a.py": "import cordwainer.solvers\nimport cordwainer.cluster",
        "hub/a.py": "import django\nimport cordwainer.planning",
        "cli/a.py": "import cordwainer.planning\nimport cordwainer.hub",
    }
    result = lint(root, tmp_path, files)
    assert result.returncode == 0, result.stdout
    assert "0 broken" in result.stdout

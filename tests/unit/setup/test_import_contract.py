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


@pytest.mark.parametrize(
    ("files", "broken"),
    [
        ({"core/a.py": "import cordwainer.cluster", "cluster/b.py": ""}, "core is not allowed to import"),
        (
            {"planning/a.py": "import cordwainer.referee", "referee/b.py": ""},
            "planning is not allowed to import",
        ),
        ({"hub/a.py": "import cordwainer.cli", "cli/b.py": ""}, "hub is not allowed to import"),
        ({"planning/a.py": "import highspy"}, "cordwainer.planning.a -> highspy"),
        ({"cluster/a.py": "from ortools.sat.python import cp_model"}, "cordwainer.cluster.a -> ortools"),
        ({"cli/a.py": "import django"}, "cordwainer.cli.a -> django"),
        ({"attic/a.py": ""}, "cordwainer.attic"),
    ],
)
def test_refuses(root: Path, tmp_path: Path, files: dict[str, str], broken: str) -> None:
    result = lint(root, tmp_path, files)
    assert result.returncode == 1
    assert "BROKEN" in result.stdout
    assert broken in result.stdout


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

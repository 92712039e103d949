"""What the set-up script says where Python or its venv module is missing, and when it does nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


def set_up(root: Path, venv: Path, python: str) -> subprocess.CompletedProcess[str]:
    """Run the set-up script with a given interpreter and environment folder."""
    environment = {**os.environ, "PYTHON": python, "VENV": str(venv)}
    return subprocess.run(
        ["sh", "scripts/setup.sh", "run"],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def interpreter(folder: Path, body: str) -> str:
    """Write a program that stands in for an interpreter of another machine."""
    path = folder / "python3"
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def assert_refused(result: subprocess.CompletedProcess[str], venv: Path, *words: str) -> None:
    """The script failed, said the words, and left nothing behind."""
    assert result.returncode == 1
    for word in words:
        assert word in result.stderr
    assert not venv.exists()


def test_says_in_both_languages_that_there_is_no_python(root: Path, tmp_path: Path) -> None:
    venv = tmp_path / "venv"
    result = set_up(root, venv, "no-such-python")
    assert_refused(result, venv, "needs Python 3.11, 3.12 or 3.13", "没有找到", "apt-get install python3 python3-venv")


@pytest.mark.parametrize("version", ["3, 10", "3, 14"])
def test_a_python_outside_the_range_does_not_count(root: Path, tmp_path: Path, version: str) -> None:
    venv = tmp_path / "venv"
    fake = f"""
case "$2" in *version_info*)
    exec {sys.executable} -c "import sys; sys.version_info = ({version}, 0); $2" ;; esac
exec {sys.executable} "$@" """
    result = set_up(root, venv, interpreter(tmp_path, fake))
    assert_refused(result, venv, "was found", "没有找到")


def test_names_the_debian_package_where_venv_is_missing(root: Path, tmp_path: Path) -> None:
    venv = tmp_path / "venv"
    fake = f"""
case "$2" in *ensurepip*) exit 1 ;; esac
exec {sys.executable} "$@" """
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    result = set_up(root, venv, interpreter(tmp_path, fake))
    assert_refused(result, venv, f"apt-get install python{version}-venv", "缺少 venv 模块")


def made_environment(root: Path, folder: Path) -> Path:
    """Write an environment whose stamp fits the present lock and whose interpreter does nothing but fail."""
    venv = folder / "venv"
    (venv / "bin").mkdir(parents=True)
    program = venv / "bin" / "python"
    program.write_text("#!/bin/sh\nexit 9\n", encoding="utf-8")
    program.chmod(0o755)
    fingerprint = "cat requirements/run.lock pyproject.toml | cksum; pwd -P"
    stamp = subprocess.run(["sh", "-c", fingerprint], cwd=root, capture_output=True, check=True).stdout
    (venv / ".stamp-run").write_bytes(stamp)
    return venv


def test_does_nothing_when_the_environment_is_of_this_lock(root: Path, tmp_path: Path) -> None:
    venv = made_environment(root, tmp_path)
    result = set_up(root, venv, "no-such-python")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_works_again_when_the_lock_has_changed(root: Path, tmp_path: Path) -> None:
    venv = made_environment(root, tmp_path)
    (venv / ".stamp-run").write_text("of another lock\n", encoding="utf-8")
    result = set_up(root, venv, "no-such-python")
    assert result.returncode == 1
    assert "没有找到" in result.stderr

"""Every `cordwainer` command that the documentation shows runs as it is written."""

import os
import re
import shlex
from pathlib import Path

import pytest

from cordwainer.cli import run

FOLDERS = ("docs/start", "docs/how-to")
_BLOCK = re.compile(r"^```(?:sh|console)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def pages() -> list[str]:
    """Return the pages whose commands are run, relative to the repository."""
    root = Path(__file__).resolve().parents[2]
    found = [p for folder in FOLDERS for p in sorted((root / folder).glob("*.md"))]
    return ["README.md", "README.zh.md", *(str(p.relative_to(root)) for p in found)]


def commands(text: str) -> list[list[str]]:
    """Return the `cordwainer` commands in the shell blocks of a page, in order."""
    lines = [line.strip().removeprefix("$ ") for block in _BLOCK.findall(text) for line in block.splitlines()]
    return [shlex.split(line, comments=True) for line in lines if line.startswith("cordwainer ")]


@pytest.mark.parametrize("page", pages())
def test_commands_of_page_run(page: str, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for command in commands((root / page).read_text(encoding="utf-8")):
        assert run(command[1:]) == 0, f"{page}: {shlex.join(command)}"
    assert Path.cwd() == tmp_path


@pytest.mark.parametrize("page", pages())
def test_links_of_page_lead_somewhere(page: str, root: Path) -> None:
    text = (root / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        if not target.startswith(("http:", "https:")):
            place = os.path.normpath((root / page).parent / target)
            assert Path(place).exists(), f"{page}: {target}"


def test_make_targets_that_the_readme_names_exist(root: Path) -> None:
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    for page in ("README.md", "README.zh.md"):
        for target in re.findall(r"make ([a-z-]+)", (root / page).read_text(encoding="utf-8")):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"{page}: make {target}"


def test_picture_of_the_readme_is_light(root: Path) -> None:
    for name in ("report.png", "report.zh.png"):
        assert 10_000 < (root / "docs" / "images" / name).stat().st_size < 300_000


@pytest.mark.parametrize("page", ["README.md", "README.zh.md"])
def test_readme_shows_a_certified_plan(page: str, root: Path) -> None:
    block = (root / page).read_text(encoding="utf-8").split("<!-- demo -->")[1].split("<!-- end -->")[0]
    assert ("Certified: the plan can be carried out" in block) != ("核验通过" in block)

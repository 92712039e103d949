"""Every `cordwainer` command that the documentation shows runs as it is written."""

import os
import re
import shlex
from pathlib import Path

import pytest

from cordwainer.cli import run
from cordwainer.cli.app import app
from tests.docs.typed import Kept

FOLDERS = ("docs/start", "docs/how-to")
_BLOCK = re.compile(r"^```(?:sh|console)\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """Return what runs commands and keeps their files for other pages, those of another process of this run too."""
    base = tmp_path_factory.getbasetemp()
    return Kept((base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "typed", run)


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
def test_commands_of_page_run(
    page: str, root: Path, tmp_path: Path, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for command in commands((root / page).read_text(encoding="utf-8")):
        assert kept.run(command[1:]) == 0, f"{page}: {shlex.join(command)}"
    assert Path.cwd() == tmp_path


def test_examples_of_the_help_run_in_order(tmp_path: Path, kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shown = [c.epilog.splitlines()[-1].split() for c in app.registered_commands if c.epilog]
    assert len(shown) == 24
    for command in shown:
        assert kept.run(command[1:]) == 0, command


def test_a_command_is_run_again_only_where_its_words_or_files_are_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran: list[list[str]] = []

    def write(words: list[str]) -> int:
        ran.append(words)
        Path(words[-1]).write_text(Path(words[0]).read_text(encoding="utf-8") + "!", encoding="utf-8")
        return len(ran) - 1

    mine = Kept(tmp_path / "kept", write)
    Path("a").write_text("1", encoding="utf-8")
    assert [mine.run(["a", "b"]), mine.run(["a", "b"])] == [0, 1]  # b was not there the first time
    Path("b").unlink()
    assert mine.run(["a", "b"]) == 0
    assert Path("b").read_text(encoding="utf-8") == "1!"
    Path("a").write_text("2", encoding="utf-8")
    assert mine.run(["a", "b"]) == 2
    assert len(ran) == 3


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

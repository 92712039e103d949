"""The page of the command line names every command and every option, in both languages, and every page has its twin."""

import re
from pathlib import Path

import pytest
import typer

from cordwainer.cli.app import app

PAGES = ["docs/how-to/command-line.md", "docs/how-to/command-line.zh.md"]
COMMON = {"--lang", "--json", "--help"}
_ROW = re.compile(r"^\| (?P<commands>`[^|]*`) \| `(?P<option>--[a-z-]+)[^|]*\| [^|\s]", re.MULTILINE)


def options() -> dict[str, set[str]]:
    """Return the options of every command that is shown, as the program knows them."""
    group = typer.main.get_command(app)
    found: dict[str, set[str]] = {}
    for name, c in getattr(group, "commands", {}).items():
        # A command may be a group of commands itself: these are known by both words.
        inner = {f"{name} {n}": i for n, i in getattr(c, "commands", {}).items()} or {name: c}
        for full, one in inner.items():
            if not one.hidden:
                options_of = (p.opts for p in one.params if p.param_type_name == "option")
                found[full] = {o for opts in options_of for o in opts if o.startswith("--")}
    return found


def documented(page: str) -> dict[str, set[str]]:
    """Return the options by command that the table of options names."""
    found: dict[str, set[str]] = {}
    for row in _ROW.finditer(page):
        for command in re.findall(r"`([a-z -]+)`", row["commands"]):
            found.setdefault(command, set()).add(row["option"])
    return found


@pytest.mark.parametrize("page", PAGES)
def test_every_option_of_every_command_stands_in_the_page(page: str, root: Path) -> None:
    text = (root / page).read_text(encoding="utf-8")
    told = documented(text)
    assert len(options()) == 34 + 11
    for command, known in options().items():
        assert re.search(rf"^\| `{command}[ `]", text, re.MULTILINE), command
        assert told.get(command, set()) == known - COMMON, command
    for option in COMMON:
        assert f"`{option}`" in text


def test_a_page_that_lacks_an_option_is_found_out() -> None:
    assert documented("| `plan` | `--gap G` | stops |\n| `plan` | `--seed N` | |\n") == {"plan": {"--gap"}}


@pytest.mark.parametrize("folder", ["docs/start", "docs/how-to"])
def test_every_page_has_a_twin_in_the_other_language_and_leads_to_it(folder: str, root: Path) -> None:
    pages = {p.name for p in (root / folder).glob("*.md")}
    english = {name for name in pages if not name.endswith(".zh.md")}
    assert {name.replace(".md", ".zh.md") for name in english} == pages - english
    for name in english:
        twin = name.replace(".md", ".zh.md")
        assert f"[中文]({twin})" in (root / folder / name).read_text(encoding="utf-8")
        text = (root / folder / twin).read_text(encoding="utf-8")
        assert f"[English]({name})" in text
        # A Chinese page leads to Chinese pages wherever there are some.
        for target in set(re.findall(r"\]\(([^)#:\s]+\.md)\)", text)) - {name}:
            assert target.endswith(".zh.md") or not (root / folder / target.replace(".md", ".zh.md")).exists(), target


def test_both_pages_have_the_same_parts(root: Path) -> None:
    for folder in ("docs/start", "docs/how-to"):
        for twin in (root / folder).glob("*.zh.md"):
            page = twin.with_name(twin.name.replace(".zh.md", ".md"))
            parts = [p.read_text(encoding="utf-8").count("\n## ") for p in (page, twin)]
            assert parts[0] == parts[1], twin.name

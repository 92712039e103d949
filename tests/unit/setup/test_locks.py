"""The locks: pinned with hashes, no address, and the tools' lock holds the same versions as the users'."""

import re
import tomllib
from pathlib import Path

import pytest

PIN = re.compile(r"^([a-z0-9-]+)==(\S+)(.*?)$", flags=re.MULTILINE)


def pins(root: Path, kind: str) -> dict[str, str]:
    """Return name and version of every package of a lock."""
    text = (root / "requirements" / f"{kind}.lock").read_text(encoding="utf-8")
    return {name: version for name, version, _ in PIN.findall(text)}


@pytest.mark.parametrize("kind", ["run", "dev"])
def test_every_package_is_pinned_with_hashes_and_without_address(root: Path, kind: str) -> None:
    text = (root / "requirements" / f"{kind}.lock").read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text
    entries = re.split(r"\n(?=[a-z0-9])", text.strip())
    assert len(entries) == len(pins(root, kind))
    for entry in entries:
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry


def test_both_locks_hold_the_same_versions(root: Path) -> None:
    dev = pins(root, "dev")
    assert {name: dev.get(name) for name in pins(root, "run")} == pins(root, "run")


def test_the_locks_hold_every_package_of_the_project(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))

    def names(requirements: list[str]) -> set[str]:
        return {re.split(r"[<>=!~ \[;]", requirement)[0].lower() for requirement in requirements}

    groups = project["dependency-groups"]
    assert names(project["project"]["dependencies"]) | names(groups["build"]) <= set(pins(root, "run"))
    assert names(groups["dev"]) <= set(pins(root, "dev"))

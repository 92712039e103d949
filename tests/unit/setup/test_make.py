"""The Makefile: `make` alone explains itself, and the demonstration refuses an unknown size."""

import re
import subprocess
from pathlib import Path


def test_make_alone_lists_every_target(root: Path) -> None:
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))
    listed = subprocess.run(["make", "-s"], cwd=root, capture_output=True, text=True, check=True).stdout
    assert set(re.findall(r"^  make ([a-z-]+)", listed, flags=re.MULTILINE)) == targets
    assert {"setup", "demo", "test", "check", "bench", "docs"} <= targets


def test_every_target_is_phony(root: Path) -> None:
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY:(.*)$", makefile, flags=re.MULTILINE)
    assert phony is not None
    assert set(phony.group(1).split()) == set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))


def test_the_demonstration_refuses_an_unknown_size(root: Path) -> None:
    result = subprocess.run(["bash", "scripts/demo.sh", "XL"], cwd=root, capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert "SIZE is S, M or L" in result.stderr
    assert not (root / "demo-XL").exists()

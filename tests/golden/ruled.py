"""Reads the golden files of the rules: a toy cluster in which a rule decides, and its best plan with the rule and without it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from cordwainer.cluster import Cluster
from tests.golden.worked import parsed
from tests.properties import tiny

HERE = Path(__file__).resolve().parent / "rules"
NAMES = sorted(p.stem for p in HERE.glob("*.txt") if p.stem != "base")
_SECTION = re.compile(r"^\[(\w+)\]\n((?:.+\n?)*)", re.MULTILINE)


@dataclass(frozen=True)
class Ruled:
    """A golden file: the cluster, and the best contribution with the rule and without it, fen."""

    cluster: Cluster
    best: int
    without: int


def sections(path: Path) -> dict[str, str]:
    """Return the parts of a file by the name in brackets before them."""
    return dict(_SECTION.findall(path.read_text(encoding="utf-8")))


def read(name: str) -> Ruled:
    """Return the golden file of a rule: its tables over those of the base; a part without rows takes a table away."""
    parts = tiny.BASE | sections(HERE / "base.txt") | sections(HERE / f"{name}.txt")
    figures = dict(line.split(" = ") for line in parts.pop("best").splitlines())
    tables = {table: parsed(table, text) for table, text in parts.items() if "\n" in text.strip()}
    return Ruled(Cluster.build(tables), int(figures["with"]), int(figures["without"]))

"""Texts of the pages in both languages, from the files of folder texts."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from cordwainer.core import Text


@cache
def texts() -> Mapping[str, Text]:
    """Return all texts by key."""
    found: dict[str, Text] = {}
    for path in sorted((files("cordwainer.hub") / "texts").iterdir(), key=lambda p: p.name):
        if path.name.endswith(".csv"):
            for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines()):
                if row["key"] in found:
                    raise ValueError(f"text {row['key']} is there twice")
                found[row["key"]] = Text(row["en"], row["zh"])
    return MappingProxyType(found)


def text(key: str, **values: object) -> Text:
    """Return a text with its ``{names}`` filled in.

    Raises
    ------
    KeyError
        If there is no such text.
    """
    found = texts()[key]
    return found.format(**values) if values else found

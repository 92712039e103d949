"""A table for people as a file."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl

from cordwainer.core import Language
from cordwainer.exchange.report import View
from cordwainer.tasks import replaced_file


def write_view(view: View, path: Path, language: Language) -> None:
    """Write a table to a file that ends in .csv, .xlsx or .json, all or nothing.

    CSV and Excel have the headings and words of a language and money in yuan; JSON is for scripts, money in fen.
    """
    with replaced_file(path) as temporary:
        if path.suffix.lower() == ".json":
            text = json.dumps(view.records(), ensure_ascii=False, indent=1, default=str)
            temporary.write_text(text, encoding="utf-8")
            return
        heads = [c.label.in_(language) for c in view.columns]
        table = pl.DataFrame(list(view.cells(language)), schema=dict.fromkeys(heads, pl.String), orient="row")
        if path.suffix.lower() == ".xlsx":
            table.write_excel(temporary)
        else:
            table.write_csv(temporary, include_bom=True)

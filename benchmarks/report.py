"""Show measured rows as one table and keep them as one JSON file."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.registry import Row

Measured = tuple[str, str, Row]
"""Case name, size, row."""

LIBRARIES = ("highspy", "numba", "numpy", "ortools", "polars")


def number(value: float | None) -> str:
    """Write a number with four significant digits.

    Parameters
    ----------
    value
        The number; None is unknown.

    Returns
    -------
    str
        The number, or ``?``.
    """
    if value is None:
        return "?"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def table(measured: Sequence[Measured]) -> Table:
    """Build the table of all rows.

    Parameters
    ----------
    measured
        Case name, size and row of every figure.

    Returns
    -------
    rich.table.Table
        One line per figure.
    """
    shown = Table(title="Benchmarks")
    for head in ("case", "size", "figure"):
        shown.add_column(head, overflow="fold")
    for head in ("measured", "spread", "cold"):
        shown.add_column(head, justify="right")
    for head in ("unit", "target", "ok", "note"):
        shown.add_column(head, overflow="fold")
    for name, size, row in measured:
        spread = "" if row.low is None or row.high is None else f"{number(row.low)} to {number(row.high)}"
        cold = "" if row.cold is None else number(row.cold)
        ok = {True: "[green]yes[/]", False: "[red]no[/]", None: ""}[row.ok]
        shown.add_row(name, size, row.figure, number(row.measured), spread, cold, row.unit, row.target, ok, row.note)
    return shown


def keep(measured: Sequence[Measured], folder: Path) -> Path:
    """Write the rows and what they were measured with.

    Parameters
    ----------
    measured
        Case name, size and row of every figure.
    folder
        Where to write; made when missing.

    Returns
    -------
    Path
        The file, named after the time (UTC).
    """
    now = datetime.now(UTC)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{now:%Y%m%dT%H%M%S}.json"
    content = {
        "time": now.isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "libraries": {name: version(name) for name in LIBRARIES},
        "rows": [
            {"case": name, "size": size, **asdict(row), "ok": row.ok, "target": row.target}
            for name, size, row in measured
        ],
    }
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def show(measured: Sequence[Measured]) -> None:
    """Print the table.

    Parameters
    ----------
    measured
        Case name, size and row of every figure.
    """
    Console(width=max(Console().width, 130)).print(table(measured))

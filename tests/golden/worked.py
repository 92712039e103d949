"""Reads the worked clusters: tables from CSV, plans with their claims, and the figures of their pages."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl

from cordwainer.cluster import Cluster, Plan, dictionary, polars_schema
from cordwainer.referee import Recomputed, recompute

HERE = Path(__file__).resolve().parent
NAMES = sorted(p.parent.name for p in HERE.glob("*/expect.csv"))


@dataclass(frozen=True)
class Expected:
    """Figures of a plan as its page works them out, in fen, and the rules that it breaks."""

    plan: str
    contribution_fen: int
    bound_fen: int
    without_lots_fen: int
    rules: frozenset[str]


def table(path: Path) -> pl.DataFrame:
    """Return one table from a file of CSV."""
    return parsed(path.stem, path.read_text(encoding="utf-8"))


def parsed(table_name: str, source: str) -> pl.DataFrame:
    """Return one table from CSV; blank is null, yes and no are true and false."""
    spec, types = dictionary.tables()[table_name], polars_schema(table_name)
    text = pl.read_csv(source.strip().encode(), infer_schema=False)
    columns = []
    for name in text.columns:
        value = pl.col(name)
        if spec.column(name).type == "bool":
            value = value == "yes"
        elif spec.column(name).type == "date":
            value = value.str.to_date()
        columns.append(value.cast(types[name]).alias(name))
    return text.select(columns)


def tables(folder: Path) -> dict[str, pl.DataFrame]:
    """Return the tables of a folder by name."""
    return {path.stem: table(path) for path in sorted(folder.glob("*.csv"))}


@cache
def cluster(name: str) -> Cluster:
    """Return a worked cluster: its own tables over those of the base."""
    return Cluster.build({**tables(HERE / "base"), **tables(HERE / name / "cluster")})


def expected(name: str) -> list[Expected]:
    """Return what the page of a cluster says of each of its plans."""
    rows = csv.DictReader((HERE / name / "expect.csv").read_text(encoding="utf-8").splitlines())
    return [
        Expected(
            r["plan"],
            int(r["contribution_fen"]),
            int(r["bound_fen"]),
            int(r["without_lots_fen"]),
            frozenset(r["rules"].split(";")) - {""},
        )
        for r in rows
    ]


def head(of: Cluster, periods: pl.DataFrame, money: tuple[int, int, int] = (0, 0, 0)) -> pl.DataFrame:
    """Return the head of a plan that claims contribution, bound and worth without lots."""
    row = {
        "plan": "worked",
        "cluster_hash": of.hash,
        "first_date": periods.sort("period")["start_date"][0],
        "freeze_date": None,
        "seed": 0,
        "work": 0,
        "settings": "by hand",
        "contribution_fen": money[0],
        "bound_fen": money[1],
        "without_lots_fen": money[2],
    }
    return pl.DataFrame([row], schema=polars_schema("plan"))


def claimed(of: Cluster, plan: Plan, figures: Recomputed | None = None) -> Plan:
    """Return a plan that claims what the referee computes of it, or other figures."""
    computed = figures or recompute(of, plan)
    said = plan["plan"].with_columns(
        contribution_fen=pl.lit(computed.contribution_fen, pl.Int64),
        bound_fen=pl.lit(computed.bound_fen, pl.Int64),
        without_lots_fen=pl.lit(computed.without_lots_fen, pl.Int64),
    )
    return Plan.build({**plan.frames, **computed.derived, "plan": said})


def decisions(name: str, plan: str) -> Plan:
    """Return a worked plan that claims nothing yet."""
    return undecided(cluster(name), table(HERE / name / "plan_period.csv"), tables(HERE / name / "plans" / plan))


def undecided(of: Cluster, periods: pl.DataFrame, frames: Mapping[str, pl.DataFrame]) -> Plan:
    """Return a plan with the given decisions that claims nothing yet."""
    return Plan.build({**frames, "plan_period": periods, "plan": head(of, periods)})

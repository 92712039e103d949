"""Try rows on a cluster before anything is kept: which would go in, which not and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from cordwainer.cluster import Broken, Cluster, broken, complete_frames, dictionary
from cordwainer.cluster.dictionary import Table
from cordwainer.core import Problem
from cordwainer.exchange.assemble import COUNTS, ROW, Assembled
from cordwainer.exchange.problems import Place, trouble
from cordwainer.exchange.upload import Upload

_MOST_ROUNDS = 20
"""Rows that depend on rejected rows are rejected in the next round; chains of tables are shorter than this."""


@dataclass(frozen=True)
class Trial:
    """What becomes of rows that were sent.

    Attributes
    ----------
    frames
        Whole tables of the cluster with the good rows in them; rows of one key take the place of those there.
    counts
        For each table: table, file, sheet, rows_in, accepted, rejected.
    problems, total
        What is wrong with the others, the first of each rule, and how many there are in all.
    notes
        What was assumed.
    fits
        Whether the good rows can go in; not so where rows that are there already would break a rule.
    """

    frames: Mapping[str, pl.DataFrame]
    counts: pl.DataFrame
    problems: tuple[Problem, ...]
    total: int
    notes: tuple[Problem, ...]
    fits: bool


def tried(upload: Upload, cluster: Cluster) -> Trial:
    """Return what becomes of the rows of an upload: those of a known key change that row, others are added."""
    work = Assembled()
    work.problems += upload.problems
    for raw in upload.tables.values():
        work.add(raw)
    came, out = {name: work.sifted(name)[0] for name in work.raws}, dict[str, pl.Series]()
    fits = True
    for _ in range(_MOST_ROUNDS):
        news = _reject(work, out)
        frames = {name: _merged(cluster[name], work.frames[name], raw.spec) for name, raw in work.raws.items()}
        found = broken(complete_frames({**cluster.frames, **frames}, dictionary.cluster_tables()))
        blamed, others = _split(found, work)
        if not found or not (blamed or news):
            break
        work.take(blamed)
        if not blamed:
            break
    if found:
        fits = False
        work.problems += [_clash(each) for each in others]
    rows = [(name, raw.place.file, raw.place.sheet, *_count(came[name], out[name])) for name, raw in work.raws.items()]
    return Trial(
        frames=frames,
        counts=pl.DataFrame(rows, schema=COUNTS, orient="row"),
        problems=tuple(sorted(work.problems, key=lambda p: (p.file or "", p.sheet or "", p.row or 0))),
        total=len(work.problems) + work.unlisted,
        notes=tuple(work.notes),
        fits=fits,
    )


def _count(came: pl.Series, out: pl.Series) -> tuple[int, int, int]:
    return came.len(), came.len() - out.len(), out.len()


def _reject(work: Assembled, out: dict[str, pl.Series]) -> bool:
    """Take the rows out in which something is wrong, and return whether there were any."""
    any_new = False
    for name in work.raws:
        present, wrong = work.sifted(name)
        so_far = out.get(name, pl.Series(dtype=pl.Int64))
        out[name] = pl.concat([so_far, wrong]).unique()
        rows = work.raws[name].rows
        good = ~rows.is_in(out[name].implode())
        any_new = any_new or not bool(good.all())
        if present.len():
            work.keep(name, good)
    return any_new


def _merged(there: pl.DataFrame, rows: pl.DataFrame, spec: Table) -> pl.DataFrame:
    """Return a table with rows put in, those first: a column that was not sent keeps what it holds."""
    if not set(spec.key) <= set(rows.columns):
        return there
    new = complete_frames({spec.name: rows}, (spec,))[spec.name]
    kept = [c.name for c in spec.columns if c.name not in rows.columns]
    if kept:
        known = there.select(*spec.key, *kept, pl.lit(value=True).alias("_known"))
        joined = rows.join(known, on=spec.key, how="left", maintain_order="left", coalesce=True)
        new = new.with_columns(
            pl.when(joined["_known"].fill_null(value=False)).then(joined[name]).otherwise(pl.col(name)).alias(name)
            for name in kept
        )
    return pl.concat([new, there.join(new, on=spec.key, how="anti", maintain_order="left")])


def _split(found: list[Broken], work: Assembled) -> tuple[list[Broken], list[Broken]]:
    """Return what rows sent are to blame for, and what befalls rows that are there already."""
    blamed, others = [], []
    for each in found:
        raw = work.raws.get(each.table.name)
        mine = each.rows.filter(pl.col(ROW) < (raw.rows.len() if raw else 0))
        if mine.height:
            blamed.append(replace(each, rows=mine))
        if mine.height < each.rows.height:
            others.append(each)
    return blamed, others


def _clash(each: Broken) -> Problem:
    """Return that rows which are there already would break a rule; what they hold is not told."""
    return trouble(
        "others-break", Place("–"), value=each.table.label.en, other=each.table.label, label=each.column.label
    )

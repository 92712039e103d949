"""What orders ask of those who make them: firms named or barred, certificates held, the buyer's approval of a site."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from cordwainer.cluster import Cluster, dictionary, places
from cordwainer.core import Period
from cordwainer.planning.problem import Flags, Ints

_DAY = pl.duration(days=1)


class Asked(NamedTuple):
    """What is asked of a stage; ``buyer`` is given where it must have approved the site."""

    standards: tuple[str, ...]
    named: tuple[str, ...]
    barred: tuple[str, ...]
    buyer: str | None


class Requests:
    """What every order asks, stage by stage.

    ``number`` by order in table order: orders that ask the same have the same one.
    """

    def __init__(self, cluster: Cluster) -> None:
        standards: dict[str, list[tuple[str, str | None]]] = {}
        for order, standard, stage in cluster["order_requirement"].select("order", "standard", "stage").iter_rows():
            standards.setdefault(order, []).append((standard, stage))
        named: dict[str, list[str]] = {}
        barred: dict[str, list[str]] = {}
        for order, firm, rule in cluster["order_maker"].select("order", "firm", "rule").iter_rows():
            (named if rule == "named" else barred).setdefault(order, []).append(firm)
        orders = cluster["order"].join(cluster["purchase_order"], on="po", how="left", maintain_order="left")
        asked: dict[tuple[tuple[tuple[str, str | None], ...], Asked], int] = {}
        number = []
        for order, buyer, approval in orders.select("order", "buyer", "approval_needed").iter_rows():
            of_makers = Asked(
                (),
                tuple(sorted(named.get(order, []))),
                tuple(sorted(barred.get(order, []))),
                buyer if approval else None,
            )
            number.append(asked.setdefault((tuple(standards.get(order, [])), of_makers), len(asked)))
        self.number: Ints = np.array(number, np.int64)
        self._asked = tuple(asked)

    def at(self, number: int, stage: str, *, last: bool) -> Asked:
        """Return what is asked of a stage: named makers, and certificates without a stage, count for the last one."""
        standards, asked = self._asked[number]
        wanted = {standard for standard, at in standards if at == stage or (at is None and last)}
        return asked._replace(standards=tuple(sorted(wanted)), named=asked.named if last else ())


class Holders:
    """Who holds what, and in which periods: a certificate of a firm, or an approval of a site."""

    def __init__(self, rows: pl.DataFrame, what: Sequence[str], holders: pl.Series, periods: Sequence[Period]) -> None:
        """Read rows that name ``what`` (key columns), ``holder``, valid_from and valid_to; an open end holds nothing."""
        spans = _merged(rows, [*what, "holder"])
        starts = np.array([p.start for p in periods], "datetime64[D]")
        ends = np.array([p.end for p in periods], "datetime64[D]")
        held = (spans["valid_from"].to_numpy()[:, None] <= starts) & (ends <= spans["valid_to"].to_numpy()[:, None])
        each = spans.with_row_index("span").group_by(*what, "holder", maintain_order=True).agg(pl.col("span").first())
        self._shape = len(holders), len(periods)
        self._holder = places(each["holder"], holders)
        self._when = np.logical_or.reduceat(held, each["span"].to_numpy()) if len(each) else held
        self._rows: dict[tuple[object, ...], Ints] = {
            key: part["row"].to_numpy() for key, part in each.with_row_index("row").group_by(what)
        }

    def when(self, *what: str) -> Flags:
        """Return whether each holder has it from the first to the last day of each period, holders x T."""
        found = np.zeros(self._shape, np.bool_)
        rows = self._rows.get(what)
        if rows is not None:
            found[self._holder[rows]] = self._when[rows]
        return found


def certificates(cluster: Cluster, periods: Sequence[Period]) -> Holders:
    """Return which firms hold a standard, or one that implies it, for a stage."""
    implied = pl.DataFrame(_implied(cluster), schema={"standard": pl.String, "covers": pl.String}, orient="row")
    stages = pl.lit(list(dictionary.choices()["stage"]))
    rows = (
        cluster["certificate"]
        .join(implied, on="standard")
        .with_columns(
            stage=pl.when(pl.col("stage").is_null()).then(stages).otherwise(pl.concat_list("stage")), holder="firm"
        )
    )
    return Holders(rows.explode("stage"), ["covers", "stage"], cluster["firm"]["firm"], periods)


def approvals(cluster: Cluster, periods: Sequence[Period]) -> Holders:
    """Return which sites a buyer approves for a stage."""
    rows = cluster["buyer_approval"].with_columns(holder="site")
    return Holders(rows, ["buyer", "stage"], cluster["site"]["site"], periods)


def _merged(rows: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """Return the longest spans of days without a gap, by key; a row without both ends is left out."""
    sorted_ = rows.drop_nulls(["valid_from", "valid_to"]).filter(pl.col("valid_from") <= pl.col("valid_to"))
    sorted_ = sorted_.sort(*by, "valid_from").with_columns(until=pl.col("valid_to").cum_max().over(by))
    gap = (pl.col("valid_from") > pl.col("until").shift(1).over(by) + _DAY).fill_null(value=True)
    spans = sorted_.with_columns(span=gap.cum_sum()).group_by("span", maintain_order=True)
    return spans.agg(*(pl.col(c).first() for c in [*by, "valid_from"]), pl.col("valid_to").max()).drop("span")


def _implied(cluster: Cluster) -> list[tuple[str, str]]:
    """Return (standard, standard that it covers) for every standard, itself included."""
    direct: dict[str, set[str]] = {}
    for standard, implied in cluster["standard_implies"].select("standard", "implied").iter_rows():
        direct.setdefault(standard, set()).add(implied)
    found = []
    for standard in sorted({*direct, *cluster["certificate"]["standard"]}):
        seen, todo = {standard}, [standard]
        while todo:
            for further in direct.get(todo.pop(), set()) - seen:
                seen.add(further)
                todo.append(further)
        found += [(standard, covers) for covers in sorted(seen)]
    return found

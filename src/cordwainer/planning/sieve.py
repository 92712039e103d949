"""What keeps lines from a stage of an order: kind of shoe, tier, named and barred makers, certificates, approvals.

Read from the tables as they stand, whatever arrays the planning makes of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import polars as pl

from cordwainer.cluster import dictionary
from cordwainer.core import Text
from cordwainer.planning.problem import Flags, Problem
from cordwainer.planning.wording import Explanation, joined, listed, span

Hurdle = tuple[Text, Text, Flags]
"""What of so many lines is said, what one line lacks, and which lines of the cluster fail it."""


class Sieve:
    """Who may do what in a problem, and why others may not."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        sites = problem.cluster["site"].select("site", "firm")
        self._lines = problem.cluster["line"].join(sites, on="site", how="left", maintain_order="left")
        self._stage = np.array(self._lines["stage"].to_list(), dtype=object)

    @cached_property
    def _wanted(self) -> dict[str, dict[str, object]]:
        cluster = self._problem.cluster
        style = cluster["style"].select("style", "construction", "category", style_tier="tier")
        buyer = cluster["purchase_order"].select("po", "buyer")
        rows = cluster["order"].join(style, on="style", how="left").join(buyer, on="po", how="left")
        return {r["order"]: r for r in rows.to_dicts()}

    @cached_property
    def _covers(self) -> dict[str, set[str]]:
        """By standard those that stand for it: itself and all that imply it."""
        cluster = self._problem.cluster
        found = {s: {s} for s in {*cluster["certificate"]["standard"], *cluster["order_requirement"]["standard"]}}
        implied = list(cluster["standard_implies"].select("standard", "implied").iter_rows())
        for _ in implied:
            for standard, other in implied:
                found.setdefault(other, {other}).update(found.get(standard, {standard}))
        return found

    def _open(self, rows: pl.DataFrame, holder: str, first: int, last: int) -> set[str]:
        """Return the holders of whose days some period from first to last lies wholly in the rows' valid days."""
        spans: dict[str, list[tuple[date, date]]] = {}
        for of, a, b in (
            rows.drop_nulls(["valid_from", "valid_to"]).select(holder, "valid_from", "valid_to").iter_rows()
        ):
            spans.setdefault(of, []).append((a, b))
        periods = self._problem.periods[first : last + 1]
        return {of for of, held in spans.items() if any(_within(p.start, p.end, sorted(held)) for p in periods)}

    def nobody(self, jobs: Sequence[int], o: int, buyer: Text) -> Explanation:
        """Return why no line may do some stages of an order; stages that lack the same are told together."""
        stages = dictionary.choices()["stage"]
        alike: dict[tuple[str, str], tuple[Text, Text, list[Text]]] = {}
        for job in jobs:
            why, remedy = self._lacking(job, o, buyer)
            alike.setdefault((why.en, remedy.en), (why, remedy, []))[2].append(stages[self._problem.stages[job]])
        told = [why.format(stage=listed(of, len(of))) for why, _, of in alike.values()]
        return Explanation(joined(told), remedy=next(iter(alike.values()))[1])

    def _lacking(self, job: int, o: int, buyer: Text) -> tuple[Text, Text]:
        """Return why no line may do a stage, whose name is left open as ``stage``, and what would let some."""
        here = self._stage == self._problem.stages[job]
        count = int(here.sum())
        if not count:
            none = Text("No line of the cluster does {stage}.", "集群中没有做{stage}的产线。")
            return none, Text("One such line would be needed.", "需要有一条这样的产线。")
        left, fails, told = here.copy(), np.zeros(len(here), np.int64), []
        hurdles = list(self._hurdles(job, o, buyer))
        for many, _, bad in hurdles:
            fails += bad
            if lost := int((left & bad).sum()):
                told.append(many.format(n=f"{lost:,}"))
            left &= ~bad
        if left.any():
            told.append(
                Text(
                    "{n} have their certificates and approvals at different times",
                    "{n} 条的证书与验厂有效期不重合",
                ).format(n=f"{int(left.sum()):,}")
            )
        why = Text(
            "No line may do {{stage}}: of {n} such lines {lost}.", "没有产线可做{{stage}}：{n} 条此类产线中，{lost}。"
        ).format(n=f"{count:,}", lost=listed(told, len(told)))
        alone = [(int((here & bad & (fails == 1)).sum()), lacks) for _, lacks, bad in hurdles]
        best = max(alone, key=lambda a: a[0])
        if not best[0]:
            return why, Text("No line lacks one thing alone.", "没有产线只差一项。")
        return why, Text("{n} of them lack one thing alone: {what}.", "其中 {n} 条只差一项：{what}。").format(
            n=f"{best[0]:,}", what=best[1]
        )

    def _hurdles(self, job: int, o: int, buyer: Text) -> Iterator[Hurdle]:
        """Yield what a line must pass to do a job."""
        problem, net, lines = self._problem, self._problem.net, self._lines
        name, stage = problem.orders[o], problem.stages[job]
        row, words = self._wanted[name], dictionary.choices()
        kind = (str(row["construction"]), str(row["category"]))
        shoe = Text(
            f"{words['construction'][kind[0]].en}, {words['category'][kind[1]].en}",
            words["construction"][kind[0]].zh + words["category"][kind[1]].zh,
        )
        tier = int(str(row["style_tier"]))
        made = problem.cluster["line_makes"].filter(construction=kind[0], category=kind[1])["line"]
        makes = lines["line"].is_in(made.to_list()).to_numpy()
        yield (
            Text("{{n}} do not make such shoes ({shoe})", "{{n}} 条不做此类鞋（{shoe}）").format(shoe=shoe),
            Text("the kind of shoe ({shoe})", "鞋类（{shoe}）").format(shoe=shoe),
            ~makes,
        )
        yield (
            Text("{{n}} are below tier {tier}", "{{n}} 条档次低于 {tier} 档").format(tier=tier),
            Text("tier {tier}", "{tier} 档").format(tier=tier),
            (lines["tier"] < tier).to_numpy(),
        )
        last = int(net.job_next[job]) < 0
        rules = problem.cluster["order_maker"].filter(order=name)
        named, barred = (set(rules.filter(rule=r)["firm"]) for r in ("named", "barred"))
        if named and last:
            yield (
                Text("{n} are not of a maker that the order names", "{n} 条不属于订单指定的厂家"),
                Text("being named by the order", "未被订单指定"),
                ~lines["firm"].is_in(list(named)).to_numpy(),
            )
        if barred:
            yield (
                Text("{n} are of a barred maker", "{n} 条属于被排除的厂家"),
                Text("their maker is barred", "厂家被排除"),
                lines["firm"].is_in(list(barred)).to_numpy(),
            )
        yield from self._papers(name, stage, o, last=last, buyer=buyer)

    def _papers(self, order: str, stage: str, o: int, *, last: bool, buyer: Text) -> Iterator[Hurdle]:
        """Yield certificates and approvals that an order asks for."""
        problem, net = self._problem, self._problem.net
        first, end = int(net.first[o]), int(net.last[o])
        days = span(problem.periods, first, end)
        scope = pl.col("stage").is_null() | (pl.col("stage") == stage)
        wanted = problem.cluster["order_requirement"].filter(order=order).select("standard", "stage").iter_rows()
        for standard in sorted({s for s, at in wanted if at == stage or (at is None and last)}):
            papers = problem.cluster["certificate"].filter(
                scope & pl.col("standard").is_in(list(self._covers[standard]))
            )
            held = self._open(papers, "firm", first, end)
            yield (
                Text("{{n}} hold no {standard} {days}", "{{n}} 条在 {days} 没有 {standard} 证书").format(
                    standard=standard, days=days
                ),
                Text("the certificate {standard}", "{standard} 证书").format(standard=standard),
                ~self._lines["firm"].is_in(list(held)).to_numpy(),
            )
        row = self._wanted[order]
        if row["approval_needed"]:
            papers = problem.cluster["buyer_approval"].filter(buyer=str(row["buyer"]), stage=stage)
            held = self._open(papers, "site", first, end)
            yield (
                Text("{{n}} are not approved by {buyer} {days}", "{{n}} 条在 {days} 未通过 {buyer} 验厂").format(
                    buyer=buyer, days=days
                ),
                Text("approval by {buyer}", "{buyer} 的验厂").format(buyer=buyer),
                ~self._lines["site"].is_in(list(held)).to_numpy(),
            )


def _within(first: date, last: date, spans: Sequence[tuple[date, date]]) -> bool:
    """Return whether every day from first to last lies in one of the spans, which are sorted."""
    day = first
    for a, b in spans:
        if a <= day <= b:
            day = b + timedelta(days=1)
    return day > last

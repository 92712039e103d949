"""What the arrays of a problem must hold, worked out row by row and day by day from the tables: slow and plain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from math import ceil, floor
from typing import Any

from cordwainer.cluster import Cluster, efficiencies
from cordwainer.core import Period, exact

Row = dict[str, Any]


def days(period: Period) -> list[date]:
    """Return the days of a period."""
    return [period.start + timedelta(days=k) for k in range(period.days)]


class Slow:
    """The tables of a cluster as lists of rows, and what follows from them."""

    def __init__(self, cluster: Cluster, periods: Sequence[Period]) -> None:
        self.cluster, self.periods = cluster, periods
        self.rows: dict[str, list[Row]] = {name: frame.to_dicts() for name, frame in cluster.frames.items()}
        self.styles = {r["style"]: r for r in self.rows["style"]}
        self.buyers = {r["po"]: r for r in self.rows["purchase_order"]}
        self.sites = {r["site"]: r for r in self.rows["site"]}
        self.makes = {
            (r["line"], r["construction"], r["category"]): r for r in efficiencies(cluster, periods[0].start).to_dicts()
        }
        self._index: dict[tuple[str, ...], dict[tuple[object, ...], list[Row]]] = {}
        self.carbon_price = exact(cluster.policy("carbon_price"), 6)

    def of(self, table: str, **wanted: object) -> list[Row]:
        """Return the rows in which the columns have the values."""
        key = (table, *wanted)
        if key not in self._index:
            self._index[key] = {}
            for row in self.rows[table]:
                self._index[key].setdefault(tuple(row[c] for c in wanted), []).append(row)
        return self._index[key].get(tuple(wanted.values()), [])

    def of_style(self, table: str, template: str, style: str) -> list[Row]:
        """Return the rows of a style, or those of its template where it has none of its own."""
        own = table.removesuffix("_before")
        if self.of(own, style=style):
            return self.of(table, style=style)
        kind = self.styles[style]
        return self.of(template, construction=kind["construction"], category=kind["category"])

    def next_stages(self, style: str) -> dict[str, str]:
        """Return the next stage of every stage but the last."""
        arcs = self.of_style("routing_before", "routing_template_before", style)
        return {r["stage"]: r["after_stage"] for r in arcs}

    def minutes(self, style: str) -> dict[str, Fraction]:
        """Return standard minutes by stage."""
        return {
            r["stage"]: exact(r["minutes_per_pair"], 2) for r in self.of_style("routing", "routing_template", style)
        }

    def bill(self, style: str, stage: str) -> Iterator[tuple[Row, Fraction]]:
        """Yield the parts of a stage with the units that a pair needs, loss included."""
        for part in self.of_style("bill_of_material", "bill_template", style):
            if part["stage"] == stage:
                yield part, exact(part["quantity_per_pair"], 4) * (1 + exact(part["loss_share"], 4))

    def need(self, style: str, stage: str, defect: Fraction) -> dict[str, int]:
        """Return micro units of each material for a pair; each part is rounded up."""
        need: dict[str, int] = {}
        for part, units in self.bill(style, stage):
            if part["supplied_by"] != "buyer":
                need[part["material"]] = need.get(part["material"], 0) + ceil(10**6 * units * (1 + defect))
        return need

    def flow(self, style: str, stage: str, flow: str, defect: Fraction) -> int:
        """Return milli units of a flow from the material of a pair, rounded up."""
        per_unit = {r["material"]: exact(r["per_unit"], 3) for r in self.of("material_flow", flow=flow)}
        total = sum((units * per_unit.get(part["material"], 0) for part, units in self.bill(style, stage)), Fraction(0))
        return ceil(1000 * total * (1 + defect))

    def holds(self, spans: Sequence[Row], period: Period) -> bool:
        """Return whether one of the spans, each with both ends known, holds on every day of a period."""
        known = [(r["valid_from"], r["valid_to"]) for r in spans if r["valid_from"] and r["valid_to"]]
        return all(any(a <= day <= b for a, b in known) for day in days(period))

    def covering(self, standard: str) -> set[str]:
        """Return the standard and all that imply it."""
        found = {standard}
        while more := {r["standard"] for r in self.rows["standard_implies"] if r["implied"] in found} - found:
            found |= more
        return found

    def may(self, order: Row, stage: str, last: bool, line: Row, period: Period) -> bool:
        """Return whether a line may do a stage of an order in a period (plan model, rule 4)."""
        firm = self.sites[line["site"]]["firm"]
        rules = self.of("order_maker", order=order["order"])
        named = {r["firm"] for r in rules if r["rule"] == "named"}
        if firm in {r["firm"] for r in rules} - named or (last and named and firm not in named):
            return False
        for required in self.of("order_requirement", order=order["order"]):
            if required["stage"] == stage or (required["stage"] is None and last):
                standards = self.covering(required["standard"])
                held = [r for r in self.of("certificate", firm=firm) if r["standard"] in standards]
                if not self.holds([r for r in held if r["stage"] in (None, stage)], period):
                    return False
        if not order["approval_needed"]:
            return True
        buyer = self.buyers[order["po"]]["buyer"]
        return self.holds(self.of("buyer_approval", buyer=buyer, site=line["site"], stage=stage), period)

    def candidates(self, order: Row, stage: str) -> list[tuple[str, int, int, tuple[bool, ...]]]:
        """Return line, minutes (1/1000) and cost (1/1000 fen) of a pair, and periods, of all that may do a stage in any."""
        style = self.styles[order["style"]]
        last = stage not in self.next_stages(style["style"])
        found = []
        for line in self.of("line", stage=stage):
            makes = self.makes.get((line["line"], style["construction"], style["category"]))
            if makes is None or line["tier"] < style["tier"]:
                continue
            when = tuple(self.may(order, stage, last, line, p) for p in self.periods)
            if any(when):
                defect = exact(line["defect_share"], 4)
                standard = self.minutes(style["style"])[stage]
                minutes = ceil(1000 * standard * (1 + defect) * 10_000 / makes["efficiency_e4"])
                cost = 1000 * makes["extra_fen_pair"] + self._carbon(style["style"], stage, line["line"], defect)
                found.append((line["line"], minutes, cost, when))
        return found

    def _carbon(self, style: str, stage: str, line: str, defect: Fraction) -> int:
        if not self.carbon_price:
            return 0
        grams = [exact(r["per_pair"], 3) for r in self.of("line_flow", line=line, flow="carbon")]
        milligrams = 1000 * sum(grams, Fraction(0)) + self.flow(style, stage, "carbon", defect)
        return floor(milligrams * self.carbon_price / 10**6)

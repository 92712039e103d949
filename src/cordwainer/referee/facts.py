"""Everything the referee derives from a cluster for the periods of a plan, gathered in one place."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from cordwainer.cluster import Cluster
from cordwainer.core import ceil_div, exact, scaled
from cordwainer.referee.clock import Clock
from cordwainer.referee.flows import CARBON, Cap, Flows, read_caps, read_transfers, unknown
from cordwainer.referee.lines import Line, read_lines
from cordwainer.referee.orders import Order, read_orders, read_outside
from cordwainer.referee.styles import Style, read_styles
from cordwainer.referee.supply import read_offers, read_stock

SUNDAY = 6
TOOL_STAGE = {"last": "lasting", "die": "cutting", "mould": "sole"}
WHOLE = 1_000_000

SkillKey = tuple[str, str]
ToolKey = tuple[str, str, str]


@dataclass(frozen=True)
class Unit:
    """What one pair of a style takes in a stage on a line.

    ``minutes`` in 1/1000 worker-minute, ``extra`` in fen, ``needs`` in 1/1,000,000 unit by material,
    ``flows`` in 1/1000 by cap, ``carbon`` in 1/1000 (0 unless carbon is priced), ``skill`` (firm, skill) if limited.
    """

    minutes: int
    extra: int
    needs: tuple[tuple[str, int], ...]
    flows: tuple[tuple[Cap, int], ...]
    carbon: int
    skill: SkillKey | None


@dataclass(frozen=True)
class Link:
    """A transfer between two lines: fen and 1/1000 g of carbon per pair, days of lag."""

    fen: int
    carbon: int
    lag_days: int


class Facts:
    """Facts of a cluster over the periods of a plan.

    Parameters
    ----------
    cluster, clock
        The cluster, and the periods.

    Raises
    ------
    UserError
        If carbon is priced and a transfer or an outside maker does not state its carbon.
    """

    def __init__(self, cluster: Cluster, clock: Clock) -> None:
        self.cluster, self.clock = cluster, clock
        self.carbon_price: Fraction = exact(cluster.policy("carbon_price"), 6)
        self.broken_fen: Fraction = exact(cluster.policy("broken_fen_pair"), 6)
        self.most_lots: Fraction = exact(cluster.policy("most_lots"), 6)
        self.lines: dict[str, Line] = read_lines(cluster, clock)
        self.styles: dict[str, Style] = read_styles(cluster)
        self.orders: dict[str, Order] = read_orders(cluster, clock, self.styles)
        if self.carbon_price > 0:
            for maker, carbon in cluster["outside_maker"].select("maker", "carbon_g_pair").iter_rows():
                if carbon is None:
                    raise unknown(CARBON, f"outside maker {maker}", f"外地厂家 {maker}")
        self.outside = read_outside(cluster, clock, self.carbon_price)
        self.offers = read_offers(cluster, clock)
        self.stock = read_stock(cluster, clock)
        self.caps: dict[str, Cap] = read_caps(cluster, clock)
        self.flows = Flows(cluster)
        self.transfers = read_transfers(cluster, carbon_priced=self.carbon_price > 0)
        self.workers: dict[SkillKey, int] = {
            (f, k): n for f, k, n in cluster["worker_skill"].select("firm", "skill", "workers").iter_rows()
        }
        self._units: dict[tuple[str, str, str], Unit] = {}
        self._shares: dict[str, dict[str, tuple[tuple[ToolKey, int], ...]]] = {}

    def caps_on(self, line: Line) -> list[Cap]:
        """Return the caps that a line counts in."""
        return [c for c in self.caps.values() if c.holds(line)]

    def unit(self, style: Style, stage: str, line_id: str) -> Unit:
        """Return what one pair takes in a stage on a line."""
        key = (style.id, stage, line_id)
        if key not in self._units:
            line, step = self.lines[line_id], style.stages[stage]
            skill = (line.firm, step.skill) if step.skill is not None else None
            self._units[key] = Unit(
                minutes=step.minutes_on(line, style.kind),
                extra=line.piece_price(style.kind),
                needs=step.need(line.defect),
                flows=tuple((c, self.flows.per_pair(step, line, c.flow)) for c in self.caps_on(line)),
                carbon=self.flows.per_pair(step, line, CARBON) if self.carbon_price > 0 else 0,
                skill=skill if skill in self.workers else None,
            )
        return self._units[key]

    def link(self, giver: str, taker: str) -> Link | None:
        """Return the transfer from one line to another; None where it is not allowed."""
        one, two = self.lines[giver], self.lines[taker]
        row = self.transfers.get((one.district, two.district))
        if row is None:
            return Link(0, 0, 0) if one.district == two.district else None
        return Link(row["fen_pair"], row["carbon"], 0 if one.firm == two.firm else row["lag_days"])

    @cached_property
    def skill_limits(self) -> dict[SkillKey, list[int]]:
        """Minutes of the workers of a firm with a skill, in 1/1000 minute by period."""
        each: dict[str, list[int]] = {}
        for line in self.lines.values():
            best = each.setdefault(line.firm, [0] * len(self.clock))
            each[line.firm] = [max(a, b) for a, b in zip(best, line.worker, strict=True)]
        none = [0] * len(self.clock)
        return {(f, k): [n * w for w in each.get(f, none)] for (f, k), n in self.workers.items()}

    @cached_property
    def tool_limits(self) -> dict[ToolKey, list[int]]:
        """Pairs that the tools of a kind, code and size can do, in 1/1,000,000 pair by period."""
        days = [sum(d.weekday() != SUNDAY for d in dates) for dates in self.clock.dates]
        found: dict[ToolKey, list[int]] = {}
        for r in self.cluster["tool"].iter_rows(named=True):
            limit = found.setdefault((r["kind"], r["code"], r["size"] or ""), [0] * len(self.clock))
            for t, d in enumerate(days):
                limit[t] += WHOLE * r["sets"] * r["pairs_day"] * d
        return found

    def tool_shares(self, order: Order) -> dict[str, tuple[tuple[ToolKey, int], ...]]:
        """Return, by stage, the tools that an order uses and the share of its pairs, in 1/1,000,000, that use each."""
        if order.id not in self._shares:
            sizes = self._sizes(order)
            found: dict[str, list[tuple[ToolKey, int]]] = {}
            codes = {"last": order.style.last, "die": order.style.id, "mould": order.style.sole}
            for kind, code in codes.items():
                for key in self._tools_by_code.get((kind, code), ()):
                    share = sizes.get(key[2], 0) if key[2] else WHOLE
                    if share and TOOL_STAGE[kind] in order.style.stages:
                        found.setdefault(TOOL_STAGE[kind], []).append((key, share))
            self._shares[order.id] = {stage: tuple(tools) for stage, tools in found.items()}
        return self._shares[order.id]

    @cached_property
    def _tools_by_code(self) -> dict[tuple[str, str | None], list[ToolKey]]:
        found: dict[tuple[str, str | None], list[ToolKey]] = {}
        for key in self.tool_limits:
            found.setdefault((key[0], key[1]), []).append(key)
        return found

    @cached_property
    def _size_rows(self) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = {}
        for order, size, pairs in self.cluster["order_size"].select("order", "size", "pairs").iter_rows():
            found.setdefault(order, {})[size] = pairs
        return found

    @cached_property
    def _curves(self) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = {}
        for curve, size, share in self.cluster["size_curve"].select("size_curve", "size", "share").iter_rows():
            found.setdefault(curve, {})[size] = 100 * scaled(share, 4)
        return found

    def _sizes(self, order: Order) -> dict[str, int]:
        """Return the share of each size of an order in 1/1,000,000, rounded up."""
        rows = self._size_rows.get(order.id)
        if rows is not None:
            return {size: ceil_div(WHOLE * pairs, order.pairs) for size, pairs in rows.items()}
        return self._curves.get(order.row["size_curve"] or "", {})

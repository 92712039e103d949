"""An offer: a complete proposal with its price, in names and dates, so that it outlives the arrays it was found with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from cordwainer.core import periods_covering
from cordwainer.quoting.asked import Asked
from cordwainer.quoting.ground import Ground
from cordwainer.quoting.live import Live, SparseUse
from cordwainer.quoting.pricing import Priced
from cordwainer.quoting.proposal import Lot, Proposal
from cordwainer.quoting.request import Request

BINDING = frozenset({"material-price", "flow"})
"""Kinds of the unknown on which price or permits rest."""


@dataclass(frozen=True)
class OfferLot:
    """A lot by names: pairs, line by stage, and (stage, first day of the period, pairs) of its work."""

    pairs: int
    lines: Mapping[str, str]
    work: tuple[tuple[str, date, int], ...]


@dataclass(frozen=True)
class Offer:
    """What is offered for a request.

    Parameters
    ----------
    offer
        Id; also of the order and the purchase order that it becomes.
    best
        What is best about it: repeat, cheapest, earliest, greenest.
    price, net_fen, items
        Price a pair in 1/100 of the currency, net in fen, and the items in fen of all pairs that sum to it.
    costs
        What the proposal costs by itself, in fen, by name.
    contribution_fen
        What the plan is worth more with it.
    one_off
        Samples and tools by name, in fen; None where the cost is unknown.
    lots, purchases
        What is made where and when; (supplier's offer, first day of the period, 1/1000 unit) bought besides.
    start, ready
        First day of the first period of work, last day of the last one: ex factory.
    carbon_mg
        Of all pairs, None where it is unknown.
    lead_firm, firms
        Who signs and answers; all who work on it.
    ask
        Firms that must still agree; (kind, day) of ``milestones``; what was ``assumed``.
    unknown
        (kind, id) of what should be known about it and is not; what is in `BINDING` keeps it from being firm.
    """

    offer: str
    request: Request
    best: tuple[str, ...]
    price: int
    net_fen: int
    items: tuple[tuple[str, int], ...]
    costs: Mapping[str, int]
    contribution_fen: int
    one_off: tuple[tuple[str, int | None], ...]
    lots: tuple[OfferLot, ...]
    purchases: tuple[tuple[str, date, int], ...]
    start: date
    ready: date
    carbon_mg: int | None
    lead_firm: str
    firms: tuple[str, ...]
    ask: tuple[str, ...]
    milestones: tuple[tuple[str, date], ...]
    assumed: tuple[str, ...]
    unknown: tuple[tuple[str, str], ...]

    @property
    def firm(self) -> bool:
        """Whether every maker on the route has agreed, and nothing is unknown that a price or permit rests on."""
        return not self.ask and not self.rests_on

    @property
    def rests_on(self) -> tuple[tuple[str, str], ...]:
        """What is unknown although price or permits rest on it."""
        return tuple(x for x in self.unknown if x[0] in BINDING)

    @property
    def again(self) -> bool:
        """Whether it is made where it was made before, without a new sample and new tools."""
        return "repeat" in self.best

    @property
    def carbon_g_pair(self) -> float | None:
        """Carbon a pair in grams, None where it is unknown."""
        return None if self.carbon_mg is None else self.carbon_mg / (1000 * self.request.pairs)

    def named(self, name: str) -> Offer:
        """Return the offer under another id."""
        return replace(self, offer=name)

    def record(self) -> dict[str, Any]:
        """Return the offer as plain values that `Offer.of` reads."""
        plain = {k: getattr(self, k) for k in _PLAIN}
        return plain | {
            "request": self.request.record(),
            "costs": dict(self.costs),
            "lots": [
                {"pairs": x.pairs, "lines": dict(x.lines), "work": [(s, d.isoformat(), n) for s, d, n in x.work]}
                for x in self.lots
            ],
            "purchases": [(o, d.isoformat(), q) for o, d, q in self.purchases],
            "start": self.start.isoformat(),
            "ready": self.ready.isoformat(),
            "milestones": [(kind, day.isoformat()) for kind, day in self.milestones],
        }

    @staticmethod
    def of(record: Mapping[str, Any]) -> Offer:
        """Return the offer of a record."""
        day = date.fromisoformat
        values = {k: record[k] for k in _PLAIN}
        for names in ("best", "firms", "ask", "assumed"):
            values[names] = tuple(values[names])
        for pairs in ("items", "one_off", "unknown"):
            values[pairs] = tuple((name, value) for name, value in values[pairs])
        return Offer(
            **values,
            request=Request.of(record["request"]),
            costs=record["costs"],
            lots=tuple(
                OfferLot(x["pairs"], x["lines"], tuple((s, day(d), n) for s, d, n in x["work"])) for x in record["lots"]
            ),
            purchases=tuple((o, day(d), q) for o, d, q in record["purchases"]),
            start=day(record["start"]),
            ready=day(record["ready"]),
            milestones=tuple((kind, day(d)) for kind, d in record["milestones"]),
        )


_PLAIN = (
    "offer",
    "best",
    "price",
    "net_fen",
    "items",
    "contribution_fen",
    "one_off",
    "carbon_mg",
    "lead_firm",
    "firms",
    "ask",
    "assumed",
    "unknown",
)


def offer_of(live: Live, best: tuple[str, ...], proposal: Proposal, price: Priced) -> Offer:
    """Return the offer of a proposal at a price, under the id of its request."""
    g, asked, c = live.ground, proposal.asked, proposal.costs
    firms = {g.firms[g.lines.firm[line]] for lot in proposal.lots for line in lot.lines}
    start, ready = g.periods[proposal.first].start, g.periods[proposal.last].end
    return Offer(
        offer=asked.request.request,
        request=asked.request,
        best=best,
        price=price.price,
        net_fen=price.net_fen,
        items=price.items,
        costs={k: getattr(c, k) for k in c.__dataclass_fields__},
        contribution_fen=proposal.contribution(price.net_fen),
        one_off=_one_off(g, asked),
        lots=tuple(_lot(g, asked, lot) for lot in proposal.lots),
        purchases=purchases_of(live, proposal.use),
        start=start,
        ready=ready,
        carbon_mg=proposal.carbon_mg,
        lead_firm=_lead(g, asked, proposal.lots),
        firms=tuple(sorted(firms)),
        ask=to_ask(live, proposal.lots, asked.request),
        milestones=_milestones(live, proposal, start, ready),
        assumed=_assumed(asked),
        unknown=_unknown(g, proposal),
    )


def _lot(g: Ground, asked: Asked, lot: Lot) -> OfferLot:
    stages = asked.recipe.stages
    return OfferLot(
        pairs=lot.pairs,
        lines={stages[s]: g.lines.ids[line] for s, line in enumerate(lot.lines)},
        work=tuple((stages[s], g.periods[t].start, n) for s, t, n in lot.work),
    )


def lots_on(live: Live, asked: Asked, offer: Offer) -> tuple[Lot, ...] | None:
    """Return the lots of an offer as numbers, without work outside the plan; None where the plan lacks a line or a stage of it."""
    g, stages = live.ground, asked.recipe.stages
    days = {day for lot in offer.lots for _, day, _ in lot.work}
    period = {day: periods_covering(g.periods, day) for day in days}
    found = []
    for lot in offer.lots:
        if set(lot.lines) != set(stages) or any(x not in g.lines.number for x in lot.lines.values()):
            return None
        work = [(stages.index(s), t, n) for s, day, n in lot.work if (t := period[day]) is not None]
        found.append(Lot(lot.pairs, tuple(g.lines.number[lot.lines[s]] for s in stages), tuple(work)))
    return tuple(found)


def purchases_of(live: Live, use: SparseUse) -> tuple[tuple[str, date, int], ...]:
    """Return what is bought by names: supplier's offer, first day of the period, 1/1000 unit."""
    g = live.ground
    return tuple((g.offers.offer[i], g.periods[g.offers.period[i]].start, q) for i, q in sorted(use.bought.items()))


def to_ask(live: Live, lots: tuple[Lot, ...], request: Request) -> tuple[str, ...]:
    """Return the firms that have not agreed to take so many pairs: in advance as of today, nor to terms for this request."""
    g = live.ground
    most = {g.lines.number[x.line]: x.pairs for x in request.agreed if x.line in g.lines.number}
    taken: dict[int, int] = {}
    for lot in lots:
        for line in lot.lines:
            taken[line] = taken.get(line, 0) + lot.pairs
    settled = {line for line, pairs in taken.items() if pairs <= most.get(line, 0)}
    asked = {x for lot in lots for x in lot.lines if live.accept[x] < lot.pairs and x not in settled}
    return tuple(sorted({g.firms[g.lines.firm[x]] for x in asked}))


def _lead(g: Ground, asked: Asked, lots: tuple[Lot, ...]) -> str:
    """Return the firm with most pairs of the last stage (ties: the smaller id)."""
    last = len(asked.recipe.stages) - 1
    made: dict[str, int] = {}
    for lot in lots:
        firm = g.firms[g.lines.firm[lot.lines[last]]]
        made[firm] = made.get(firm, 0) + lot.pairs
    return min(made, key=lambda f: (-made[f], f))


def _milestones(live: Live, proposal: Proposal, start: date, ready: date) -> tuple[tuple[str, date], ...]:
    found = [("deposit", live.today)] if proposal.asked.request.payment_term else []
    if not proposal.asked.again:
        found.append(("pre_production", start - timedelta(days=1)))
    if proposal.use.need[0].size:
        found.append(("material_in", live.ground.periods[int(proposal.use.need[1].min())].start))
    return (*found, ("inspection", ready), ("ex_factory", ready))


def _assumed(asked: Asked) -> tuple[str, ...]:
    return (*asked.recipe.assumed, *(() if asked.request.sizes else ("sizes",)))


def _unknown(g: Ground, proposal: Proposal) -> tuple[tuple[str, str], ...]:
    """Return (kind, id) of what should be known about an offer and is not."""
    asked, recipe = proposal.asked, proposal.asked.recipe
    needed = sorted(set(recipe.need_material.tolist()))
    found = [("material-price", g.materials[m]) for m in needed if m in g.unpriced]
    found += [("flow", f"{flow} {material}") for material, flow in sorted(recipe.unknown) if flow in g.bound]
    found += [("tool", kind) for kind, _, known in _tools(g, asked) if not known]
    found += [("one-off", what) for what, fen in _one_off(g, asked) if fen is None]
    return (*found, *([] if proposal.carbon_mg is not None else [("carbon", "")]))


def _tools(g: Ground, asked: Asked) -> list[tuple[str, str, bool]]:
    """Return kind and code of the tools that an order needs, and whether the tables have any of them."""
    recipe = asked.recipe
    codes = (("last", "lasting", recipe.last), ("die", "cutting", recipe.style), ("mould", "sole", recipe.sole))
    return [
        (kind, code or "", (kind, code) in g.limits.tool_rows) for kind, stage, code in codes if stage in recipe.stages
    ]


def _one_off(g: Ground, asked: Asked) -> tuple[tuple[str, int | None], ...]:
    """Return what samples and tools of a style cost that is made for the first time; a repeat has both."""
    if asked.again:
        return ()
    found: list[tuple[str, int | None]] = [("sample", _whole(g, "sample_fen", "-", 1))]
    sets = sum(n > 0 for n in asked.request.sizes.values()) or None
    for kind, _, known in _tools(g, asked):
        if not known:
            found.append((kind, None if sets is None else _whole(g, "tool_fen", kind, sets)))
    return tuple(found)


def _whole(g: Ground, name: str, key: str, times: int) -> int | None:
    value = g.policies.known(name, key)
    return None if value is None else -((-value.numerator * times) // value.denominator)

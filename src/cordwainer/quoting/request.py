"""What a brand asks: these pairs of this style, by size, for this market, by then."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from typing import Any, Literal, get_args

from cordwainer.core import Text, UserError

PriceRule = Literal["cost-plus", "opportunity", "list"]
PRICE_RULES: tuple[PriceRule, ...] = get_args(PriceRule)
Owner = Literal["buyer", "maker"]


@dataclass(frozen=True)
class Request:
    """A request for a quote.

    Parameters
    ----------
    request
        Id of the request.
    buyer
        Firm that asks.
    style
        Style of the tables; None for a new one, which ``construction``, ``category``, ``tier`` and ``last`` describe.
    sizes
        Pairs by size; where empty, ``pairs`` of unknown sizes.
    pairs
        Pairs in all.
    by
        Day by which they are to leave the factory; None: as soon as possible.
    earliest
        No work before this day.
    market
        Country or region of sale.
    currency, price_term, tax_included, payment_term
        How the price is to be stated and paid, as in table purchase_order.
    over_short_share
        Tolerance of the quantity.
    approval_needed
        Only at sites that the buyer approved.
    standards
        (standard, stage) that makers must hold; stage None: the last one.
    named, barred
        Firms that must do the last stage; firms that must do nothing.
    most_makers, smallest_lot
        Firms in the last stage (0: any number); smallest lot in pairs.
    repeat_of
        Order that it repeats (返单).
    tool_owner
        Who pays for new tools and owns them.
    rule
        Price rule.
    target
        Price a pair that the brand has in mind, in 1/100 of the currency; only said to be met or not.
    """

    request: str
    buyer: str
    style: str | None = None
    construction: str | None = None
    category: str | None = None
    tier: int = 3
    last: str | None = None
    sizes: Mapping[str, int] = field(default_factory=dict)
    pairs: int = 0
    by: date | None = None
    earliest: date | None = None
    market: str | None = None
    currency: str = "CNY"
    price_term: str = "EXW"
    tax_included: bool = True
    payment_term: str | None = None
    over_short_share: float | None = None
    approval_needed: bool = False
    standards: tuple[tuple[str, str | None], ...] = ()
    named: tuple[str, ...] = ()
    barred: tuple[str, ...] = ()
    most_makers: int = 0
    smallest_lot: int = 1
    repeat_of: str | None = None
    tool_owner: Owner = "buyer"
    rule: PriceRule = "cost-plus"
    target: int | None = None

    def __post_init__(self) -> None:
        """Take the pairs from the sizes, and refuse what cannot be meant."""
        if self.sizes:
            object.__setattr__(self, "pairs", sum(self.sizes.values()))
        if self.pairs < 1 or any(n < 0 for n in self.sizes.values()):
            raise _bad(Text("A request needs at least one pair, and no size below 0.", "询价至少一双，各码不得为负。"))
        if self.style is None and not (self.construction and self.category):
            raise _bad(
                Text(
                    "A request names a style, or construction and category of a new one.",
                    "询价须给出款式，或新款的工艺与品类。",
                )
            )
        if self.by and self.earliest and self.by < self.earliest:
            raise _bad(Text("The day wanted is before the earliest day of work.", "要求的交期早于最早开工日。"))
        if self.rule not in PRICE_RULES:
            raise _bad(Text(f"There is no price rule {self.rule}.", f"没有报价规则 {self.rule}。"))

    def record(self) -> dict[str, Any]:
        """Return the request as plain values that `Request.of` reads; what is as usual is left out."""
        usual = {f.name: f.default for f in fields(self)}
        plain = {k: v for k, v in asdict(self).items() if k == "request" or v != usual[k]}
        return {k: v.isoformat() if isinstance(v, date) else v for k, v in plain.items() if v not in ({}, ())}

    @staticmethod
    def of(record: Mapping[str, Any]) -> Request:
        """Return the request of a record; days as text, lists in place of tuples."""
        values = dict(record)
        for day in ("by", "earliest"):
            if isinstance(values.get(day), str):
                values[day] = date.fromisoformat(values[day])
        for names in ("named", "barred"):
            values[names] = tuple(values.get(names, ()))
        values["standards"] = tuple((s, stage) for s, stage in values.get("standards", ()))
        return Request(**values)

    def digest(self) -> str:
        """Return a short fingerprint of all that is asked, without the id."""
        text = json.dumps({**self.record(), "request": ""}, sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def _bad(message: Text) -> UserError:
    return UserError("bad-request", message, Text("Correct the request.", "请更正询价。"))

"""What a brand asks: these pairs of this style, by size, for this market, by then."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from functools import cache
from typing import Any, Literal, NamedTuple, get_args

from cordwainer.cluster import dictionary
from cordwainer.core import Text, UserError

PriceRule = Literal["cost-plus", "opportunity", "list", "going"]
PRICE_RULES: tuple[PriceRule, ...] = get_args(PriceRule)
OUTWARD_RULES: frozenset[PriceRule] = frozenset({"list", "going"})
"""Rules whose prices do not rest on what the makers of an offer ask, so that brands may see them."""
Owner = Literal["buyer", "maker"]


class Agreed(NamedTuple):
    """What a maker agreed to for a request: a line, fen a pair on it, the most pairs, and the days between which it can work.

    Days are text (2026-03-02), None where any will do.
    """

    line: str
    fen: int
    pairs: int
    start: str | None = None
    end: str | None = None


class BadRequest(UserError):
    """A request that cannot be meant: what is wrong with which of its columns."""

    def __init__(self, column: str, message: Text) -> None:
        where = Text(f"{column}: {message.en}", f"{column}：{message.zh}")
        super().__init__("bad-request", where, Text("Correct the request.", "请更正询价。"))
        self.column = column


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
        Order of the same buyer and style that it repeats (返单).
    tool_owner
        Who pays for new tools and owns them.
    rule
        Price rule.
    target
        Price a pair that the brand has in mind, in 1/100 of the currency; only said to be met or not.
    agreed
        Terms that makers named for this request alone: they are asked no more where these hold.
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
    agreed: tuple[Agreed, ...] = ()

    def __post_init__(self) -> None:
        """Take the pairs from the sizes, and refuse what cannot be meant."""
        if self.sizes:
            total = sum(self.sizes.values())
            if self.pairs not in (0, total):
                raise BadRequest(
                    "pairs",
                    Text(
                        f"The sizes sum to {total} pairs, but {self.pairs} are asked for.",
                        f"各码合计 {total} 双，与询价双数 {self.pairs} 不符。",
                    ),
                )
            object.__setattr__(self, "pairs", total)
        if self.pairs < 1 or any(n < 0 for n in self.sizes.values()):
            column = "sizes" if self.sizes else "pairs"
            raise BadRequest(
                column, Text("A request needs at least one pair, and no size below 0.", "询价至少一双，各码不得为负。")
            )
        if self.style is None and not (self.construction and self.category):
            raise BadRequest(
                "style",
                Text(
                    "A request names a style, or construction and category of a new one.",
                    "询价须给出款式，或新款的工艺与品类。",
                ),
            )
        if self.by and self.earliest and self.by < self.earliest:
            raise BadRequest(
                "by", Text("The day wanted is before the earliest day of work.", "要求的交期早于最早开工日。")
            )
        self._refuse_values()

    def _refuse_values(self) -> None:
        for column, known in _choices().items():
            value = getattr(self, column)
            if value is not None and value not in known:
                raise BadRequest(column, Text(f"It is one of {', '.join(known)}.", f"可选：{'、'.join(known)}。"))
        for column, low, high in _RANGES:
            value = getattr(self, column)
            if value is not None and not low <= value <= high:
                raise BadRequest(column, Text(f"It lies between {low} and {high}.", f"应在 {low} 至 {high} 之间。"))

    @property
    def shoe(self) -> str:
        """The style, or the kind of a new one."""
        return self.style or f"{self.construction}.{self.category}.{self.tier}"

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
        values["agreed"] = tuple(Agreed(*x) for x in values.get("agreed", ()))
        return Request(**values)

    def with_pairs(self, pairs: int) -> Request:
        """Return the request for other pairs; sizes keep their shares, the largest remainders are rounded up."""
        if not self.sizes:
            return replace(self, pairs=pairs)
        exact = {size: divmod(n * pairs, self.pairs) for size, n in self.sizes.items()}
        left = pairs - sum(whole for whole, _ in exact.values())
        up = sorted(exact, key=lambda size: -exact[size][1])[:left]
        return replace(self, pairs=pairs, sizes={size: whole + (size in up) for size, (whole, _) in exact.items()})

    def digest(self) -> str:
        """Return a short fingerprint of all that is asked, without the id."""
        text = json.dumps({**self.record(), "request": ""}, sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


_RANGES = (
    ("tier", 1, 5),
    ("over_short_share", 0, 1),
    ("most_makers", 0, 10**6),
    ("smallest_lot", 1, 10**9),
    ("target", 0, 10**9),
)


@cache
def _choices() -> Mapping[str, tuple[str, ...]]:
    told = {c: tuple(dictionary.choices()[c]) for c in ("currency", "price_term", "construction", "category")}
    return {"rule": PRICE_RULES, "tool_owner": get_args(Owner), **told}

"""The price of a proposal by a named rule, as a list of items that sum to it; docs/algorithms/quoting.md, section Price."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from cordwainer.core import Text, UserError, ceil_div, exact
from cordwainer.quoting.ground import Ground
from cordwainer.quoting.proposal import Proposal
from cordwainer.quoting.recipes import Recipe
from cordwainer.quoting.request import PriceRule, Request

MONTH_END_DAYS = 30
"""Days that pass at most until the end of the month from which a term may count."""
_YEAR = 365


@dataclass(frozen=True)
class Priced:
    """A price: per pair in 1/100 of the currency, net of tax in fen, and the items in fen that sum to all of it."""

    price: int
    net_fen: int
    items: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Terms:
    """How a price is stated and paid: yuan for a unit of the currency, tax share, carriage in fen a pair, share lost to credit."""

    rate: Fraction
    tax: Fraction
    carriage_fen: int
    credit: Fraction
    step: int


def terms_of(ground: Ground, request: Request) -> Terms:
    """Return the terms of a request.

    Raises
    ------
    UserError
        If exchange rate, carriage or payment term are not known.
    """
    p = ground.policies
    carriage = _carriage(ground, request)
    return Terms(
        rate=p.plan("fx", request.currency),
        tax=ground.vat if request.tax_included else Fraction(0),
        carriage_fen=ceil_div(carriage.numerator, carriage.denominator),
        credit=_credit(ground, request.payment_term),
        step=int(p.of("quote_step", request.currency)),
    )


def _carriage(ground: Ground, request: Request) -> Fraction:
    """Return carriage to the place of the price term in fen a pair: that of the market where there is one, else of the term."""
    term, known = request.price_term, ground.policies.known
    found = None if request.market is None else known("term_fen_pair", f"{term}.{request.market}")
    found = known("term_fen_pair", term) if found is None else found
    if found is None:
        raise UserError(
            "carriage-unknown",
            Text(f"What carriage costs with the price term {term} is not known.", f"价格条款 {term} 的运费未知。"),
            Text(
                f"Add a row to table policy: term_fen_pair, {term} (or {term}.MARKET), fen a pair; or ask for EXW.",
                f"请在“参数”表中添加 term_fen_pair，{term}（或 {term}.市场），分/双；或按 EXW 询价。",
            ),
        )
    return found


def outward_rule(ground: Ground, recipe: Recipe) -> PriceRule:
    """Return the rule of a price that a brand may see: the list price where there is one, else the going rate."""
    known = any(ground.policies.known("list_fen_pair", key) is not None for key in list_keys(recipe))
    return "list" if known else "going"


def _credit(ground: Ground, term: str | None) -> Fraction:
    """Return what share of a payment is lost as interest until the balance is paid."""
    if term is None:
        return Fraction(0)
    rows = ground.cluster["payment_term"].filter(term=term).to_dicts()
    if not rows:
        raise UserError(
            "no-such-term",
            Text(f"There is no payment term {term}.", f"没有付款条件 {term}。"),
            Text("Add a row to table payment_term.", "请在“付款条件”表中添加一行。"),
        )
    days = rows[0]["balance_days"] + (MONTH_END_DAYS if rows[0]["counted_from"] == "month_end" else 0)
    owed = 1 - exact(rows[0]["deposit_share"], 4)
    return Fraction(owed * days * ground.policies.of("credit_rate") / _YEAR)


def priced(ground: Ground, terms: Terms, proposal: Proposal, going: int = 0) -> Priced:
    """Return the price of a proposal; ``going`` is the going rate in fen a pair, for the rule of that name.

    The items of the rule are net and for all pairs; carriage, credit and tax follow; the price a pair is rounded up to the
    step, and the last item is that rounding. Every item is a whole number of fen.
    """
    request = proposal.asked.request
    items = _rule_items(ground, proposal, going)
    items.append(("carriage", terms.carriage_fen * request.pairs))
    net = sum(fen for _, fen in items)
    lost = terms.credit / (1 - terms.credit)
    items.append(("credit", _up(net * lost)))
    net += items[-1][1]
    items.append(("tax", _up(net * terms.tax)))
    gross = net + items[-1][1]
    price = max(0, _up(Fraction(gross) / (request.pairs * terms.rate * terms.step)) * terms.step)
    paid = price * request.pairs * terms.rate
    items.append(("rounding", paid.numerator // paid.denominator - gross))
    return Priced(price, net_price(terms, price), tuple((name, fen) for name, fen in items if fen))


def net_price(terms: Terms, price: int) -> int:
    """Return the net price of a pair in fen, as docs/concepts/plan-model.md, section 4 says."""
    net = price * terms.rate / (1 + terms.tax)
    return net.numerator // net.denominator


def _rule_items(ground: Ground, proposal: Proposal, going: int) -> list[tuple[str, int]]:
    request, c = proposal.asked.request, proposal.costs
    ways = [("transfer", c.transfer), ("carbon", c.carbon), ("material", c.material)]
    ways.append(("minimum", max(0, c.purchase - c.material)))
    if request.rule == "going":  # neither what these makers ask nor how busy they are
        items = [("going", going * request.pairs), *ways]
        cost = sum(fen for _, fen in items)
        return [*items, ("margin", _up(cost * ground.policies.of("quote_margin")))]
    items = [("labour", c.labour), ("overtime", c.overtime), ("piece", c.piece), *ways]
    cost = sum(fen for _, fen in items)
    if request.rule == "cost-plus":
        items.append(("margin", _up(cost * ground.policies.of("quote_margin"))))
    elif request.rule == "opportunity":
        items.append(("capacity", c.capacity))
    else:
        items.append(("margin", _list_fen(ground, proposal.asked.recipe) * request.pairs - cost))
    return items


def list_keys(recipe: Recipe) -> tuple[str, ...]:
    """Return the keys under which a list price may stand, the closest first."""
    kind = f"{recipe.construction}.{recipe.category}.{recipe.tier}"
    return (kind,) if recipe.style is None else (recipe.style, kind)


def _list_fen(ground: Ground, recipe: Recipe) -> int:
    keys = list_keys(recipe)
    for key in keys:
        value = ground.policies.known("list_fen_pair", key)
        if value is not None:
            return _up(value)
    raise UserError(
        "no-list-price",
        Text(f"There is no list price for {keys[0]}.", f"{keys[0]} 没有目录价。"),
        Text(
            f"Add a row to table policy: list_fen_pair, {keys[0]}, fen a pair without tax; or use another price rule.",
            f"请在“参数”表中添加 list_fen_pair，{keys[0]}，每双不含税价（分）；或改用其他报价规则。",
        ),
    )


def _up(value: Fraction | int) -> int:
    exactly = Fraction(value)
    return ceil_div(exactly.numerator, exactly.denominator)

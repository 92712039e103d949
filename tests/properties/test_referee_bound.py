"""No feasible plan of a tiny cluster is worth more than the bound, at any prices; all plans are tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import copy
from random import Random

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from cordwainer.cluster import Cluster, polars_schema
from cordwainer.referee import RULES
from cordwainer.referee.bound import least, outside_values
from cordwainer.referee.case import Case
from cordwainer.referee.decisions import Decisions, Lot
from cordwainer.referee.parts import earned
from tests.golden.worked import parsed, undecided
from tests.properties import naive, tiny

Rule = Callable[[Case], Iterator[object]]
FEASIBLE = [rule for name, rule in RULES.items() if not name.startswith(("claim", "derived", "cluster"))]
OF_PURCHASES = [RULES[name] for name in ("material", "purchase-quantity", "purchase-offer")]
OF_PATHS = [RULES[name] for name in ("precedence", "transfer-allowed", "window")]
OF_ONE_ORDER = ("lot-", "precedence", "transfer", "window", "outside-makes", "outside-window", "outside-one")


def opened(cluster: Cluster, prices: dict[str, dict[tuple[str, int], int]]) -> Case:
    """Return a case in which only the frozen lots and the prices stand."""
    rows = [(kind, of, t, mfen) for kind, series in prices.items() for (of, t), mfen in series.items()]
    price = pl.DataFrame(rows, schema=polars_schema("price"), orient="row")
    case = Case(cluster, undecided(cluster, parsed("plan_period", tiny.PERIODS), {"price": price}))
    case.decisions = with_lots(case.decisions)
    return case


def with_lots(decisions: Decisions) -> Decisions:
    """Return decisions in which the frozen lots stand."""
    return Decisions(dict(decisions.frozen), {}, [], {}, decisions.prices, decisions.frozen)


def deciding(case: Case, decisions: Decisions) -> Case:
    """Return the case with other decisions; bound and frozen use stay."""
    other = copy(case)
    for name in ("used", "money", "derived"):
        other.__dict__.pop(name, None)
    other.decisions = decisions
    return other


def feasible(
    case: Case,
    choices: dict[str, list[tiny.Choice]],
    rules: Sequence[Rule] = FEASIBLE,
    more: Sequence[dict[tuple[str, int], int]] = (),
) -> Iterator[Case]:
    """Yield every plan of the choices, with each purchase worth trying and with ``more``, that keeps the rules.

    What purchases do not change is worked out once for all of them: the use of lots, and the rules that do not look at purchases.
    """
    first = [rule for rule in rules if rule not in OF_PURCHASES]
    then = [rule for rule in rules if rule in OF_PURCHASES]
    for made in tiny.every(case.decisions, choices):
        bare = deciding(case, made)
        if any(next(rule(bare), None) for rule in first):
            continue
        for bought in (*tiny.purchases(), *more):
            tried = deciding(bare, tiny.buying(made, bought))
            tried.used = bare.used
            if not any(next(rule(tried), None) for rule in then):
                yield tried


def permitted(case: Case, order: str) -> list[tiny.Choice]:
    """Return the choices of an order that break no rule which looks at one order alone."""
    rules = [rule for name, rule in RULES.items() if name.startswith(OF_ONE_ORDER)]
    base, kept = case.decisions, []
    frozen = base.frozen_pairs.get(order, 0)
    for choice in tiny.choices(order, frozen):
        alone = Decisions({lot.id: lot for lot in choice[0]}, {}, choice[1], {}, {}, {})
        if not any(next(rule(deciding(case, alone)), None) for rule in rules):
            kept.append(choice)
    return kept


def best_of_all(case: Case) -> int:
    """Return the best contribution of a feasible plan; some are compared with the schoolbook's contribution."""
    found: list[int] = []
    for tried in feasible(case, {order: permitted(case, order) for order in tiny.PAIRS}):
        if len(found) % 50 == 0:
            assert naive.close(case.cluster, tried.decisions, tried.money.total)
        found.append(tried.money.total)
    return max(found, default=-(10**9))


@settings(max_examples=20)
@given(st.integers(0, 10**9))
def test_no_feasible_plan_beats_the_bound_at_any_prices(seed: int) -> None:
    rng = Random(seed)  # noqa: S311
    cluster = tiny.cluster(rng)
    best = best_of_all(opened(cluster, {}))
    for _ in range(20):
        assert best <= opened(cluster, tiny.prices(rng)).bound.total


@settings(max_examples=40)
@given(st.integers(0, 10**9))
def test_no_feasible_plan_without_lots_beside_the_frozen_ones_is_worth_more_than_is_said(seed: int) -> None:
    case = opened(tiny.cluster(Random(seed)), {})  # noqa: S311
    bare = {order: [c for c in permitted(case, order) if not c[0]] for order in tiny.PAIRS}
    for tried in feasible(case, bare):
        assert tried.money.total <= case.bound.without_lots


@settings(max_examples=40)
@given(st.integers(0, 10**9))
def test_best_path_is_the_best_of_all_single_pairs(seed: int) -> None:
    rng = Random(seed)  # noqa: S311
    case = opened(tiny.cluster(rng), tiny.prices(rng))
    for name in tiny.PAIRS:
        order = case.facts.orders[name]
        values = [least(case.facts, case.decisions, order), *outside_values(case.facts, order, case.decisions)]
        for lot in tiny.lots(name, 1, "1"):
            alone = deciding(case, Decisions({lot.id: lot}, {}, [], {}, {}, {}))
            if has_minutes(case, lot) and not any(next(rule(alone), None) for rule in OF_PATHS):
                values.append(earned(case.facts, case.decisions, lot))
        assert case.bound.best[name] == max(values)


def has_minutes(case: Case, lot: Lot) -> bool:
    """Return whether frozen lots leave minutes on every line and period of a lot."""
    return all(
        case.facts.lines[lot.lines[stage]].most[t] > case.frozen.load[lot.lines[stage]][t] for stage, t, _ in lot.rows()
    )


@settings(max_examples=40)
@given(st.integers(0, 10**9))
def test_purchase_term_is_the_best_of_all_quantities(seed: int) -> None:
    rng = Random(seed)  # noqa: S311
    case = opened(tiny.cluster(rng), tiny.prices(rng))
    offer, useful = case.facts.offers["X"], case.bound.useful["sole"]
    for t in (0, 1):
        usable = offer.usable[t]
        price = 0 if usable is None else case.decisions.price("material", "sole", usable)
        quantities = range(offer.minimum, 12_000, offer.multiple)
        gains = [price * min(q, useful) - naive.purchase_mfen(case.cluster, q) for q in quantities if q]
        expected = max([0, *(-(-gain // 1000) for gain in gains)]) if price else 0
        assert case.bound.purchases["X", t] == expected

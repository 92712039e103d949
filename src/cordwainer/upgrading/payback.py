"""What an investment brings back: subsidy by rule, payback and net present value without it, with it, and where it comes late."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cordwainer.upgrading.measure import Measure, Subsidy

_MONTHS = 12
_DAYS = 365


@dataclass(frozen=True, slots=True)
class Support:
    """A subsidy in fen, and after how many months from acceptance it is paid as promised and as it happens when late."""

    subsidy: str
    fen: int
    paid_months: float
    late_months: float


NO_SUPPORT = Support("", 0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Return:
    """Years until the money is back (None: never within its life), and net present value, fen."""

    payback_years: float | None
    npv_fen: int


def support(
    rules: Iterable[Subsidy], measure: Measure, capital_fen: int, day: date, grade: str | None, tax_fen: int | None
) -> Support:
    """Return the best support that one of the rules gives; none where grade or tax, which rules ask for, are not known.

    Parameters
    ----------
    day
        Day of the application.
    grade
        The firm's grade.
    tax_fen
        Its tax of the year before.
    """
    best = NO_SUPPORT
    for rule in rules:
        in_time = rule.window_from <= day <= rule.window_to
        large = capital_fen >= 100 * rule.least_investment.value
        if measure.kind not in rule.kinds or not (in_time and large) or grade is None or grade in rule.excluded_grades:
            continue
        if tax_fen is None:
            continue
        most = 100 * min(rule.most_project.value, rule.most_firm_year.value)
        fen = int(min(rule.rate.value * capital_fen, most, rule.most_local_share.value * tax_fen))
        if fen > best.fen:
            best = Support(rule.name, fen, rule.paid_months.value, rule.late_months.value)
    return best


def returns(
    measure: Measure, capital_fen: int, yearly_fen: int, rate: float, support_fen: int = 0, months: float = 0.0
) -> Return:
    """Return payback and net present value of an investment.

    What it earns begins after its lead time and flows evenly over its life; a subsidy is paid ``months`` after acceptance, which is
    at the end of the lead time.

    Parameters
    ----------
    yearly_fen
        What it earns in a year, running cost taken off.
    rate
        Discount rate, share a year.
    """
    lead, life = measure.lead.value / _DAYS, measure.life.value
    paid = lead + months / _MONTHS
    flow = math.log1p(rate)
    factor = life if flow == 0 else (1 - math.exp(-flow * life)) / flow
    value = -capital_fen + yearly_fen * factor * math.exp(-flow * lead) + support_fen * math.exp(-flow * paid)
    return Return(_payback(capital_fen, yearly_fen, lead, life, support_fen, paid), round(value))


def _payback(capital: int, yearly: int, lead: float, life: float, given: int, paid: float) -> float | None:
    """Return the first time at which what was earned and given is as much as was laid out, years from now."""
    alone = lead + capital / yearly if yearly > 0 else math.inf
    with_it = lead + max(0, capital - given) / yearly if yearly > 0 else (0.0 if given >= capital else math.inf)
    when = min(alone, max(with_it, paid)) if given else alone
    return when if when <= lead + life else None

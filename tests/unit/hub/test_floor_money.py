"""Handovers, claims and payments in any order, each sent twice: nothing counts twice, and all sums are those of a slow oracle."""

from __future__ import annotations

import contextlib
import itertools
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cordwainer.cluster import due_day, oldest_unpaid, part_pay
from cordwainer.core import UserError
from cordwainer.hub.access.floor import happened
from cordwainer.hub.access.handings import claims, handovers
from cordwainer.hub.access.statements import statements
from cordwainer.hub.access.viewer import Viewer
from cordwainer.hub.acts.claims import answer, claim
from cordwainer.hub.acts.handing import Found, give, receive, withdraw
from cordwainer.hub.acts.paying import pay
from cordwainer.hub.audit.verify import faults
from cordwainer.hub.models import Account, AuditEntry, Claim, Due, Handover, Pay, Payment
from cordwainer.hub.store.floor import links_now
from tests.unit.hub.floor_world import ACCEPTED, NOW, accept_lots, account_of
from tests.unit.hub.worlds import Town

LINKS = [(lot, stage) for lot in ACCEPTED[:2] for stage in ("closing", "sole", "finishing")]
PLANNER = Viewer("planner")
counts = st.lists(st.tuples(st.integers(0, 700), st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=3).map(
    lambda rows: [(str(40 + k), *row) for k, row in enumerate(rows)]
)
step = st.one_of(
    st.tuples(st.just("give"), st.sampled_from(LINKS), counts),
    st.tuples(st.just("receive"), st.integers(0, 20), st.none() | counts),
    st.tuples(st.just("receive"), st.integers(0, 20), st.none()),
    st.tuples(st.just("withdraw"), st.integers(0, 20), st.none()),
    st.tuples(st.just("claim"), st.integers(0, 20), st.integers(0, 300)),
    st.tuples(
        st.sampled_from(["accepted", "refused", "proposed", "agreed", "dropped", "settled"]),
        st.integers(0, 20),
        st.tuples(st.integers(0, 50), st.none() | st.integers(0, 10_000)),
    ),
    st.tuples(st.just("pay"), st.integers(0, 20), st.integers(-50_000, 200_000)),
)
Step = tuple[str, Any, Any]


def take(what: Step, key: str, planner: Account, day: int) -> None:
    """Take a step, as the planner who writes down what both sides say; what cannot be meant is refused."""
    name, at, with_ = what
    now = NOW + timedelta(days=day)
    given_ = list(Handover.objects.order_by("pk"))
    asked = list(Claim.objects.order_by("pk"))
    made = sorted(statements(PLANNER, NOW.date()), key=lambda s: s.name)
    try:
        if name == "give":
            give(planner, *at, with_, key, now)
        elif name in ("receive", "withdraw", "claim") and given_:
            h = given_[at % len(given_)]
            if name == "receive":
                receive(planner, h.pk, Found(with_, fen=1000), key, now)
            elif name == "withdraw":
                withdraw(planner, h.pk, now)
            else:
                claim(planner, h.pk, key, with_, 500, None, "", now)
        elif name == "pay" and made:
            s = made[at % len(made)]
            pay(planner, s.between, with_, now.date(), "", key, now)
        elif asked and name not in ("receive", "withdraw", "claim", "pay"):
            answer(planner, asked[at % len(asked)].pk, name, *with_, "", now)
    except UserError:
        pass


def stands() -> tuple[int, ...]:
    """Return how many rows of everything there are."""
    return tuple(m.objects.count() for m in (Handover, Claim, Due, Payment, AuditEntry))


def check_oracle() -> None:
    """Add everything up again from what both sides said, without what the hub added up itself."""
    owed: dict[tuple[str, str], int] = defaultdict(int)
    for (lot, stage), link in links_now().items():
        found = 0
        for h in Handover.objects.filter(lot=lot, stage=stage, withdrawn_at=None).exclude(received=None):
            found += sum(row[1] for row in h.received)
            for c in Claim.objects.filter(handover=h, status="settled"):
                found += c.settled_pairs if c.short else 0
                owed[h.giver, h.receiver] += c.settled_fen
        assert found <= link.pairs
        whole = sum(Pay.objects.get(lot=lot, stage=s).fen for s in link.covers)
        owed["", link.giver] += whole * found // link.pairs
        if link.is_last:
            owed[link.receiver, ""] += 12_000 * found
    told: dict[tuple[str, str], int] = defaultdict(int)
    for s in statements(PLANNER, NOW.date()):
        assert s.amount is not None
        assert s.open == s.amount - s.paid >= 0
        assert s.amount == sum(x.amount for x in s.lines if x.amount is not None)
        told[s.between.payer, s.between.payee] += s.amount
    assert {k: v for k, v in told.items() if v} == {k: v for k, v in owed.items() if v}
    assert sum(p.amount for p in Payment.objects.all()) == sum(s.paid for s in statements(PLANNER, NOW.date()))


@pytest.fixture
def floor(town: Town) -> Town:
    """Give a test the town with accepted lots."""
    accept_lots()
    return town


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(step, st.integers(0, 40)), max_size=25))
def test_whatever_happens_sums_reconcile_and_nothing_counts_twice(floor: Town, steps: list[tuple[Step, int]]) -> None:
    planner = floor.accounts["planner"]
    with transaction.atomic():
        for k, (what, day) in enumerate(steps):
            take(what, f"k{k}", planner, day)
            if what[0] in ("give", "claim", "pay"):
                before = stands()
                take(what, f"k{k}", planner, day)
                assert stands() == before
        check_oracle()
        transaction.set_rollback(True)


def test_links_pay_every_stage_once_and_end_at_the_buyer(floor: Town) -> None:
    found = links_now()
    assert {(x.stage, x.giver, x.receiver, x.covers) for x in found.values() if x.lot == "O000-1"} == {
        ("closing", "F00", "F01", ("cutting", "closing")),
        ("sole", "F00", "F01", ("sole",)),
        ("finishing", "F01", "B1", ("lasting", "finishing")),
    }


class _BackError(Exception):
    """What is done so far is taken back."""


@pytest.mark.usefixtures("town")
def test_links_of_a_change_that_was_taken_back_are_not_those_of_the_next() -> None:
    for lot in ("O000-1", "O005-1"):
        with contextlib.suppress(_BackError), transaction.atomic():
            accept_lots((lot,))
            assert lot in {of for of, _ in links_now()}
            raise _BackError
        assert lot not in {of for of, _ in links_now()}


def test_both_sides_confirm_and_a_difference_is_a_claim_that_ends_once(floor: Town) -> None:
    giver, receiver = account_of("F00"), account_of("F01")
    h = give(giver, "O000-1", "closing", [("40", 300, 2, 0)], "k", NOW)
    assert give(giver, "O000-1", "closing", [("40", 999, 2, 0)], "k", NOW).pk == h.pk
    for _ in range(2):
        receive(receiver, h.pk, Found([("40", 290, 10, 2)], fen=5000), "r", NOW)
    with pytest.raises(UserError):
        receive(receiver, h.pk, Found([("40", 291, 10, 2)]), "r2", NOW)
    (c,) = claims(Viewer("maker", "F00"))
    assert (c.pairs, c.fen, c.giver, c.until) == (10, 5000, "F00", date(2026, 3, 13))
    with pytest.raises(UserError):
        answer(receiver, c.number, "accepted", 0, None, "", NOW)
    answer(giver, c.number, "proposed", 4, 2000, "four were good", NOW)
    for _ in range(2):
        answer(receiver, c.number, "agreed", 0, None, "", NOW)
    whole = sum(p.fen for p in Pay.objects.filter(lot="O000-1", stage__in=("cutting", "closing")))
    assert [(d.kind, d.payer, d.payee, d.amount, d.pairs) for d in Due.objects.order_by("pk")] == [
        ("work", "", "F00", whole * 290 // 1000, 290),
        ("work", "", "F00", whole * 294 // 1000 - whole * 290 // 1000, 4),
        ("claim", "F00", "F01", 2000, 10),
    ]
    assert list(faults()) == []


def test_only_the_two_sides_and_the_planner_read_a_handover_and_only_payer_and_payee_a_statement(floor: Town) -> None:
    h = give(account_of("F00"), "O000-1", "closing", [("-", 100, 0, 0)], "k", NOW)
    with pytest.raises(UserError):
        receive(account_of("F05"), h.pk, Found(), "x", NOW)
    receive(account_of("F01"), h.pk, Found(), "r", NOW)
    reads = {
        firm: (len(handovers(Viewer(role, firm))), len(statements(Viewer(role, firm), NOW.date())))
        for role, firm in (("maker", "F00"), ("maker", "F01"), ("maker", "F05"), ("buyer", "B1"), ("planner", ""))
    }
    assert reads == {"F00": (1, 1), "F01": (1, 0), "F05": (0, 0), "B1": (0, 0), "": (1, 1)}
    assert handovers(Viewer("inspector")) == [] == statements(Viewer("officer"), NOW.date())


def test_what_happened_fits_the_dictionary(floor: Town) -> None:
    h = give(account_of("F00"), "O000-1", "closing", [("-", 100, 1, 0)], "k", NOW)
    receive(account_of("F01"), h.pk, Found([("-", 90, 1, 9)]), "r", NOW)
    frames = happened()
    assert frames["handover_size"].rows() == [(f"H{h.pk}", "-", 90, 1, 9)]
    assert frames["statement"]["payee"].to_list() == ["F00"]
    assert frames["claim"]["pairs"].to_list() == [10]


def test_due_days_follow_the_term_and_stay_unknown_without_one() -> None:
    day = date(2026, 12, 5)
    assert due_day(day, 30, "delivery") == date(2027, 1, 4)
    assert due_day(day, 30, "month_end") == date(2027, 1, 30)
    assert due_day(day, 30, "invoice") is due_day(day, None, None) is None


@given(st.lists(st.integers(1, 10**9), max_size=20), st.integers(1, 10**5))
def test_parts_sum_to_the_whole(parts: list[int], pairs: int) -> None:
    cut = [0, *sorted(p % (pairs + 1) for p in parts), pairs]
    assert sum(part_pay(12_345, pairs, a, b) or 0 for a, b in itertools.pairwise(cut)) == 12_345


def test_the_oldest_unpaid_line_is_paid_first() -> None:
    lines = [(date(2026, 3, 1), 100), (date(2026, 3, 9), 50)]
    assert oldest_unpaid(lines, 0) == date(2026, 3, 1)
    assert oldest_unpaid(lines, 100) == date(2026, 3, 9)
    assert oldest_unpaid(lines, 150) is None

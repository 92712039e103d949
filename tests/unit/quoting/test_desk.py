"""The desk: holds end, accepting checks again, nothing is sold twice, and the log says all of it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from cordwainer.cluster import Cluster, Plan
from cordwainer.core import UserError
from cordwainer.planning import Settings, plan
from cordwainer.quoting import Answer, Desk, Entry, Request, brand_face, open_desk, plan_with
from cordwainer.referee import judge
from tests.unit.quoting import desk
from tests.unit.quoting.test_live import arrays_of

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def opened(log: Path) -> Desk:
    """Return a desk on the planned sample."""
    return open_desk(*desk.planned(), log)


def offered(at: Desk, skip: int = 0) -> Entry:
    """Return the first offer of a request that fits."""
    found = [at.quote(r, NOON).entries for r in desk.asks(12)]
    return [entries[0] for entries in found if entries][skip]


def agreed(at: Desk, entry: Entry, now: datetime = NOON) -> Entry:
    """Let all makers that are asked say yes."""
    for firm in entry.waits_for:
        at.answer(entry.offer.offer, firm, now, yes=True)
    return at.book.entries[entry.offer.offer]


def same(one: Desk, other: Desk) -> bool:
    """Return whether two desks have the same book and the same live state."""
    return one.book.entries == other.book.entries and all(
        np.array_equal(a, b) for a, b in zip(arrays_of(one.live), arrays_of(other.live), strict=True)
    )


def test_an_accepted_offer_adds_what_it_promised_and_is_planned_around(tmp_path: Path) -> None:
    made = desk.planned()[1]
    at = opened(tmp_path / "log")
    entry = agreed(at, offered(at))
    done = at.accept(entry.offer.offer, NOON)
    assert done.done
    assert done.entry.offer.contribution_fen == entry.offer.contribution_fen
    with_it = at.cluster()
    after = plan_with(with_it, made, [done.entry.offer])
    assert judge(with_it, after).certified
    assert after.head["contribution_fen"] - made.head["contribution_fen"] == entry.offer.contribution_fen
    anew = plan(with_it, Settings(work=0, time_s=None, threads=1))
    assert judge(with_it, anew).certified
    assert {f"{entry.offer.offer}-1"} <= set(anew["lot"]["lot"])
    again = open_desk(with_it, anew, tmp_path / "log")
    assert again.live.over() == []
    assert again.book.entries == at.book.entries


def test_a_plan_that_holds_what_was_accepted_gives_the_same_live_state(tmp_path: Path) -> None:
    _, made = desk.planned()
    at = opened(tmp_path / "log")
    for skip in (0, 1):
        entry = agreed(at, offered(at, skip))
        assert at.accept(entry.offer.offer, NOON).done
    offers = [e.offer for e in at.book.entries.values() if e.status == "accepted"]
    again = open_desk(at.cluster(), plan_with(at.cluster(), made, offers), tmp_path / "log")
    for mine, other in zip(arrays_of(at.live), arrays_of(again.live), strict=True):
        assert np.array_equal(mine, other)


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, bytes, Cluster, Plan]:
    """Return an offer that is held, the log that says so, the cluster with it, and a new plan of that."""
    log = tmp_path_factory.mktemp("held") / "log"
    at = opened(log)
    name = agreed(at, offered(at)).offer.offer
    at.hold(name, NOON, hours=1000)
    assert name not in at.cluster()["order"]["order"].to_list()
    with_it = at.cluster(held=True)
    return name, log.read_bytes(), with_it, plan(with_it, Settings(work=0, time_s=None, threads=1))


def test_a_new_plan_keeps_the_room_of_what_is_held(tmp_path: Path, held: tuple[str, bytes, Cluster, Plan]) -> None:
    name, log, with_it, anew = held
    (tmp_path / "log").write_bytes(log)
    again = open_desk(with_it, anew, tmp_path / "log")
    assert again.book.entries[name].status == "held"
    assert again.live.over() == []
    free = open_desk(with_it, anew, tmp_path / "log")
    free.release(name, NOON)
    assert (free.live.room.line > again.live.room.line).any()
    other = open_desk(with_it, anew, tmp_path / "log")
    assert same(free, other)


def test_what_was_held_in_a_new_plan_can_be_accepted(tmp_path: Path, held: tuple[str, bytes, Cluster, Plan]) -> None:
    name, log, with_it, anew = held
    (tmp_path / "log").write_bytes(log)
    again = open_desk(with_it, anew, tmp_path / "log")
    done = again.accept(name, NOON)
    assert done.done
    assert done.entry.offer.purchases == ()  # the plan bought for it already
    assert again.live.over() == []
    assert same(again, open_desk(with_it, anew, tmp_path / "log"))


def test_indicative_offers_wait_for_their_makers(tmp_path: Path) -> None:
    at = opened(tmp_path / "log")
    entry = offered(at)
    assert entry.waits_for
    with pytest.raises(UserError, match="makers-unanswered"):
        at.accept(entry.offer.offer, NOON)
    with pytest.raises(UserError, match="not-asked"):
        at.answer(entry.offer.offer, "nobody", NOON, yes=True)
    assert agreed(at, entry, NOON + HOUR).firm
    assert all(at.book.answers[f].yes == 1 and at.book.answers[f].hours == 1.0 for f in entry.waits_for)
    assert at.accept(entry.offer.offer, NOON + HOUR).done


def test_a_maker_who_declines_is_not_proposed_again(tmp_path: Path) -> None:
    at = opened(tmp_path / "log")
    entry = offered(at)
    firm = entry.waits_for[0]
    done = at.answer(entry.offer.offer, firm, NOON, yes=False)
    assert done.entry.status == "released"
    assert done.fresh is not None
    assert all(firm not in e.offer.firms for e in done.fresh.entries)
    for _ in range(6):
        fresh = next((e for r in desk.asks(12) for e in at.quote(r, NOON).entries if firm in e.waits_for), None)
        if fresh is None:
            break
        at.answer(fresh.offer.offer, firm, NOON, yes=False)
    assert at.book.answers[firm].shy
    assert all(firm not in e.waits_for for r in desk.asks(12) for e in at.quote(r, NOON).entries)


def test_a_held_offer_keeps_its_room_until_its_end(tmp_path: Path) -> None:
    at = opened(tmp_path / "log")
    before = arrays_of(at.live)
    entry = offered(at)
    at.hold(entry.offer.offer, NOON, hours=2)
    assert (at.live.room.line < before[0]).any()
    with pytest.raises(UserError, match="offer-gone"):
        at.hold(entry.offer.offer, NOON)
    statuses = {e.offer.offer: e.status for e in at.entries(NOON + 3 * HOUR)}
    assert statuses[entry.offer.offer] == "expired"
    assert all(np.array_equal(a, b) for a, b in zip(before, arrays_of(at.live), strict=True))
    with pytest.raises(UserError, match="offer-gone"):
        at.accept(entry.offer.offer, NOON)  # a clock that was put back revives nothing


def big(at: Desk) -> Request:
    """Return a request that fits once, but not twice."""
    low, high = 30, 200_000
    plain = next(
        r for r in desk.asks(12) if at.quote(Request.of({**r.record(), "pairs": low}), NOON, keep=False).entries
    )
    while high - low > 1:
        middle = (low + high) // 2
        fits = bool(at.quote(Request.of({**plain.record(), "pairs": middle}), NOON, keep=False).entries)
        low, high = (middle, high) if fits else (low, middle)
    return Request.of({**plain.record(), "pairs": low})


def twice(at: Desk) -> tuple[Entry, Entry]:
    """Return two offers of a request that fits only once."""
    request = big(at)
    one, other = at.quote(request, NOON), at.quote(request, NOON)
    return agreed(at, one.entries[0]), agreed(at, other.entries[0])


def test_the_second_of_two_gets_a_fresh_quote(tmp_path: Path) -> None:
    at = opened(tmp_path / "log")
    one, other = twice(at)
    assert at.accept(one.offer.offer, NOON).done
    late = at.accept(other.offer.offer, NOON)
    assert not late.done
    assert late.entry.why == "room-gone"
    assert isinstance(late.fresh, Answer)
    assert late.fresh.entries == ()
    assert late.fresh.nearest is not None
    assert late.fresh.nearest.limits
    assert at.live.over() == []


def test_holding_twice_is_refused_and_release_gives_the_room_back(tmp_path: Path) -> None:
    at = opened(tmp_path / "log")
    one, other = twice(at)
    at.hold(one.offer.offer, NOON)
    with pytest.raises(UserError, match="room-gone"):
        at.hold(other.offer.offer, NOON)
    at.release(one.offer.offer, NOON)
    assert at.hold(other.offer.offer, NOON).status == "held"
    assert at.accept(other.offer.offer, NOON).done
    at.release(other.offer.offer, NOON, "cancelled")
    assert same(at, opened(tmp_path / "log"))


def test_brands_cannot_ask_without_end(tmp_path: Path) -> None:
    at = opened(tmp_path / "log")
    request = desk.asks(1)[0]
    kinds = [("cemented", c, t) for c in ("casual", "boot", "sports", "dress_men", "sandal") for t in (1, 2, 3, 4)]
    new = [Request("N", request.buyer, construction=a, category=b, tier=t, pairs=60) for a, b, t in kinds]
    for k in range(60):
        try:
            at.quote(new[k % len(new)], NOON + timedelta(seconds=k), outward=True)
        except UserError as error:
            assert error.code == "too-few-makers"  # noqa: PT017 (an answer too, and it counts)
    with pytest.raises(UserError, match="too-many-requests"):
        at.quote(request, NOON + timedelta(minutes=2), outward=True)
    with pytest.raises(UserError, match="too-many-requests"):
        opened(tmp_path / "log").quote(request, NOON + timedelta(minutes=3), outward=True)
    assert at.quote(request, NOON + timedelta(minutes=3)).entries
    assert at.quote(request, NOON + timedelta(minutes=62), outward=True).entries


def test_brands_cannot_ask_for_one_shoe_without_end(tmp_path: Path) -> None:
    at = opened(tmp_path / "log")
    request = desk.asks(1)[0]
    for k in range(12):
        at.quote(replace(request, pairs=60 + k), NOON + k * HOUR, outward=True)
    with pytest.raises(UserError, match="too-many-requests"):
        opened(tmp_path / "log").quote(request, NOON + 12 * HOUR, outward=True)
    assert at.quote(desk.asks(3)[2], NOON + 12 * HOUR, outward=True).request.shoe != request.shoe
    assert at.quote(request, NOON + 25 * HOUR, outward=True).entries


def test_only_so_much_is_held_for_a_buyer(tmp_path: Path) -> None:
    at = opened(tmp_path / "log")
    at.live.ground.policies._known["quote_most_holds", "-"] = Fraction(2)
    mine = [replace(r, buyer="B001", repeat_of=None, pairs=30) for r in desk.asks(12)]
    names = [e.offer.offer for r in mine for e in at.quote(r, NOON).entries[:1]]
    for name in names[:2]:
        at.hold(name, NOON)
    with pytest.raises(UserError, match="too-many-holds"):
        at.hold(names[2], NOON)
    at.release(names[0], NOON)
    assert at.hold(names[2], NOON).status == "held"


def test_a_brand_reaches_its_own_offers_only_and_is_told_no_maker(tmp_path: Path) -> None:
    at = opened(tmp_path / "log")
    inward = offered(at)
    buyer = inward.offer.request.buyer
    found = at.quote(replace(inward.offer.request, request="again"), NOON, outward=True).entries
    entry = next(e for e in found if e.waits_for)
    name = entry.offer.offer
    for step in (at.hold, at.accept, at.release):
        with pytest.raises(UserError, match="no-such-offer"):
            step(name, NOON, brand="B-other")
        with pytest.raises(UserError, match="no-such-offer"):  # its price rests on asks: for the planner alone
            step(inward.offer.offer, NOON, brand=buyer)
    with pytest.raises(UserError, match="makers-unanswered") as error:
        at.accept(name, NOON, brand=buyer)
    assert all(f not in error.value.say("en") + error.value.say("zh") for f in entry.offer.ask)
    assert {e.offer.offer for e in at.entries(NOON, buyer)} == {e.offer.offer for e in found}
    assert at.hold(name, NOON, brand=buyer).status == "held"
    agreed(at, at.book.entries[name])
    assert at.accept(name, NOON, brand=buyer).done
    with pytest.raises(UserError, match="offer-gone"):
        at.release(name, NOON, brand=buyer)  # cancelling an order is for the planner


def test_a_maker_who_declined_is_not_named_to_the_brand(tmp_path: Path) -> None:
    at = opened(tmp_path / "log")
    request = next(r for r in desk.asks(12) if at.quote(r, NOON).entries)
    entry = next(e for e in at.quote(request, NOON, outward=True).entries if e.waits_for)
    firm = entry.waits_for[0]
    fresh = at.answer(entry.offer.offer, firm, NOON, yes=False).fresh
    assert fresh is not None
    assert fresh.request.barred == ()
    assert all(firm not in e.offer.firms for e in fresh.entries)
    assert firm not in json.dumps(brand_face(at, fresh), default=str)
    assert {e.outward for e in fresh.entries} <= {True}


def test_makers_who_do_not_answer_in_time_let_the_offer_lapse(tmp_path: Path) -> None:
    at = opened(tmp_path / "log")
    entry = offered(at)
    name, firm = entry.offer.offer, entry.waits_for[0]
    assert entry.ask_by == NOON + 24 * HOUR
    with pytest.raises(UserError, match="offer-gone"):
        at.answer(name, firm, NOON + 24 * HOUR, yes=True)
    gone = at.book.entries[name]
    assert (gone.status, gone.why) == ("expired", "unanswered")
    assert at.book.answers[firm].silent >= 1
    assert same(at, opened(tmp_path / "log"))


def test_a_half_written_line_is_cut_off_and_a_changed_one_is_told(tmp_path: Path) -> None:
    log = tmp_path / "log"
    at = opened(log)
    entry = offered(at)
    at.hold(entry.offer.offer, NOON)
    whole = log.read_bytes()
    log.write_bytes(whole + whole.splitlines()[-1][:40])
    again = opened(log)
    assert again.book.entries == at.book.entries
    assert log.read_bytes() == whole
    log.write_bytes(whole.replace(b'"held"', b'"hold"'))
    with pytest.raises(UserError, match="log-damaged"):
        opened(log)
    log.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UserError, match="log-damaged"):
        at.entries(NOON)


def test_every_line_of_the_log_is_an_event_with_time_and_sum(tmp_path: Path) -> None:
    log = tmp_path / "log"
    at = opened(log)
    at.hold(offered(at).offer.offer, NOON)
    events = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert {e["kind"] for e in events} == {"planned", "offered", "held"}
    assert (events[0]["cluster"], events[0]["plan"]) == (desk.planned()[0].hash, desk.planned()[1].hash)
    assert all(len(e["sum"]) == 16 and e["at"].startswith("2026-03-02T") for e in events)

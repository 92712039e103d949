"""A new plan takes the offers along: in place, moved, or said to have no room; never sold twice, and holds that do not fit lapse."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import polars as pl
import pytest

from cordwainer.cluster import Cluster, Plan
from cordwainer.core import UserError
from cordwainer.planning import Settings, plan
from cordwainer.quoting import Desk, Entry, Offer, Quoter, Request, cluster_with, live_of, open_desk, plan_with
from cordwainer.quoting.offers import lots_on
from cordwainer.quoting.proposal import Lot, propose
from cordwainer.referee import judge
from tests.unit.quoting import desk
from tests.unit.quoting.test_desk import NOON, agreed, big, offered, opened, same

Case = tuple[Cluster, Plan]


def rival(offers: list[Offer]) -> Case:
    """Return another plan of the sample: one in which others have the room of some offers."""
    named = [replace(o, offer=f"RIVAL-{k}") for k, o in enumerate(offers)]
    cluster = cluster_with(desk.planned()[0], named)
    return cluster, plan_with(cluster, desk.planned()[1], named)


def certified(case: Case, at: Desk) -> bool:
    """Return whether the plan with all that is accepted and has room is certified, promises and all."""
    return judge(*carried_on(case, at)).certified


def carried_on(case: Case, at: Desk) -> Case:
    """Return the cluster that a desk writes, and the plan with all that is accepted and has room; what has none is broken."""
    cluster, made = at.cluster(), case[1]
    mine = {e.offer.offer: e for e in at.book.entries.values() if e.status == "accepted"}
    stays = pl.col("order").is_in(sorted(set(cluster["order"]["order"]) - (set(mine) - at.standing.in_plan)))
    kept = {t: made[t].filter(stays) for t in ("lot", "outcome")}
    kept |= {t: made[t].join(kept["lot"], on="lot", how="semi") for t in ("lot_line", "work")}
    over = [name for name, e in mine.items() if e.over]
    rows = pl.DataFrame({"order": over, "outcome": ["broken"] * len(over)}, schema=made["outcome"].schema)
    bare = Plan.build({**made.frames, **kept, "outcome": pl.concat([kept["outcome"], rows])})
    new = [e.offer for name, e in mine.items() if not e.over and name not in at.standing.in_plan]
    return cluster, plan_with(cluster, bare, new)


def accepted(at: Desk, entry: Entry) -> Offer:
    """Accept an offer once its makers said yes."""
    done = at.accept(agreed(at, entry).offer.offer, NOON)
    assert done.done
    return done.entry.offer


def test_what_was_accepted_is_not_sold_twice_by_a_plan_without_room_for_it(tmp_path: Path) -> None:
    at = opened(tmp_path / "log")
    request = big(at)
    offer = accepted(at, at.quote(request, NOON).entries[0])
    case = rival([offer])
    again = open_desk(*case, tmp_path / "log", now=NOON)
    entry = again.book.entries[offer.offer]
    assert again.live.over() == []
    assert [e.offer.offer for e in again.changed] == [offer.offer]
    assert (entry.status, bool(entry.over)) == ("accepted", True)
    assert entry.over[0].split()[0] in {"line", "skill", "tool", "material", "cap", "together"}
    assert again.quote(request, NOON).entries == ()
    assert certified(case, again)
    row = again.cluster()["order"].filter(order=offer.offer).row(0, named=True)
    assert (row["committed"], row["due_date"], row["latest_date"]) == (True, offer.ready, None)
    assert again.cluster()["promise"].filter(order=offer.offer).is_empty()
    assert same(again, open_desk(*case, tmp_path / "log"))


def test_the_next_plan_places_what_had_no_room(tmp_path: Path) -> None:
    at = opened(tmp_path / "log")
    offer = accepted(at, at.quote(big(at), NOON).entries[0])
    lost = open_desk(*rival([offer]), tmp_path / "log", now=NOON)
    assert lost.book.entries[offer.offer].over
    cluster = lost.cluster()
    anew = plan(cluster, Settings(work=0, time_s=None, threads=1))
    again = open_desk(cluster, anew, tmp_path / "log", now=NOON)
    entry = again.book.entries[offer.offer]
    assert judge(cluster, anew).certified
    assert again.live.over() == []
    placed = dict(anew["outcome"].iter_rows())[offer.offer] == "placed"
    assert placed == (not entry.over)
    if placed:
        inside = anew["lot"].filter(order=offer.offer)["pairs"].to_list()
        assert sorted(lot.pairs for lot in entry.offer.lots) == sorted(inside)
        rows = again.cluster()["promise"].filter(order=offer.offer)
        assert (rows["pairs"].sum(), set(rows["status"])) == (offer.request.pairs, {"accepted"})


def test_what_was_accepted_moves_where_the_new_plan_has_room_and_its_makers_are_asked(tmp_path: Path) -> None:
    at = opened(tmp_path / "log")
    small = [replace(r, pairs=60) for r in desk.asks(12) if not r.repeat_of]
    entry = next(e for r in small for e in at.quote(r, NOON).entries[:1] if len(e.offer.lots) == 1)
    offer = accepted(at, entry)
    case = rival([filling(at, offer)])
    again = open_desk(*case, tmp_path / "log", now=NOON)
    moved = again.book.entries[offer.offer]
    assert again.live.over() == []
    assert moved.over == ()
    assert moved.offer.lots != offer.lots
    assert (moved.offer.price, moved.offer.ready) == (offer.price, offer.ready)
    assert max(day for lot in moved.offer.lots for _, day, _ in lot.work) < offer.ready
    assert moved.waits_for == moved.offer.ask != ()  # the word of makers was for the lots that were
    assert certified(case, again)
    same_again = open_desk(*case, tmp_path / "log")
    assert same(again, same_again)
    for firm in moved.waits_for:
        same_again.answer(offer.offer, firm, NOON, yes=True)
    assert same_again.book.entries[offer.offer].firm


def filling(at: Desk, offer: Offer) -> Offer:
    """Return an offer of more pairs on the very lines of an offer, so many that these are full without it."""
    use = at.standing.must_use(offer)
    at.live.take(use, -1, base=True)
    low, high, best = 60, 200_000, offer
    while high - low > 1:
        pairs = (low + high) // 2
        asked = at.quoter.asking.asked(at.live, replace(offer.request, pairs=pairs))
        (lot,) = lots_on(at.live, asked, offer) or ()
        last = {stage: period for stage, period, _ in sorted(lot.work)}
        more = Lot(pairs, lot.lines, tuple((s, t, pairs) for s, t in last.items()))
        found = propose(at.live, at.quoter.shelf, asked, (more,))
        if found is not None and at.live.fits(found.use):
            low, best = pairs, at.quoter.offered(found, "cheapest")
        else:
            high = pairs
    at.live.take(use, 1, base=True)
    return best


def test_a_maker_who_declines_what_moved_does_not_lose_the_order(tmp_path: Path) -> None:
    at = opened(tmp_path / "log")
    entry = offered(at)
    offer = accepted(at, entry)
    firm = entry.offer.ask[0]
    record = replace(offer, ask=(firm,)).record()
    with at.journal.locked():  # as a plan that moved it would have written
        event = {"kind": "moved", "offer": offer.offer, "record": record}
        at.write(NOON, event)
    lots = replace(at.book.entries[offer.offer], agreed=frozenset())
    at.book.entries[offer.offer] = lots
    done = at.answer(offer.offer, firm, NOON, yes=False)
    after = done.entry
    assert after.status == "accepted"
    assert after.over or firm not in after.offer.firms
    assert at.live.over() == []


def test_random_steps_and_new_plans_keep_every_limit_and_replay_to_the_same(tmp_path: Path) -> None:
    log, case, now = tmp_path / "log", desk.planned(), NOON
    rng, at, requests = Random(11), opened(log), desk.asks(80, seed=3)  # noqa: S311
    seen: set[str] = set()
    for step in range(80):
        now += timedelta(minutes=rng.randint(1, 200))
        if step % 16 == 15:
            case = carried_on(case, at) if step % 32 == 31 else _others(case, requests[step], f"X{step}")
            at = open_desk(*case, log, now=now)
            assert certified(case, at)
            seen.add("replan")
        else:
            seen.add(_step(rng, at, requests[step], now))
        assert at.live.over() == []
    assert seen >= {"quote", "hold", "accept", "release", "replan"}
    assert {e.status for e in at.book.entries.values()} >= {"accepted", "released", "expired"}
    assert same(at, open_desk(*case, log))
    assert certified(case, at)


def _others(case: Case, request: Request, name: str) -> Case:
    """Return another plan in which somebody else has room that this plan still had, whatever was accepted of it."""
    found = Quoter(live_of(*case)).quote(replace(request, pairs=4 * request.pairs, repeat_of=None))
    offers = [o.named(name) for o in found[:1]]
    cluster = cluster_with(case[0], offers)
    return cluster, plan_with(cluster, case[1], offers)


def _step(rng: Random, at: Desk, request: Request, now: datetime) -> str:
    """Take one step at random; return which."""
    live = [e for e in at.entries(now) if e.status in ("offered", "held", "accepted")]
    what = rng.choice(["quote", "quote", "hold", "accept", "accept", "release"])
    if what == "quote" or not live:
        at.quote(request, now)
        return "quote"
    entry = rng.choice(live)
    name = entry.offer.offer
    try:
        if what == "release":
            at.release(name, now)
        elif what == "hold" and entry.status == "offered":
            at.hold(name, now, hours=rng.choice([1, 8, 100]))
        elif what == "accept" and entry.status != "accepted":
            agreed(at, entry, now)
            at.accept(name, now)
    except UserError as error:
        assert error.code in {"room-gone", "goods-relied-on"}  # noqa: PT017 (it may or may not find its room)
        return "refused"
    return what


def test_holds_without_room_in_the_new_plan_lapse_with_the_reason(tmp_path: Path) -> None:
    at = opened(tmp_path / "log")
    request = big(at)
    one = agreed(at, at.quote(request, NOON).entries[0]).offer
    at.hold(one.offer, NOON, hours=1000)
    case = rival([one])
    again = open_desk(*case, tmp_path / "log", now=NOON)
    entry = again.book.entries[one.offer]
    assert (entry.status, entry.why) == ("expired", "replanned")
    assert again.live.over() == []
    with pytest.raises(UserError, match="offer-gone"):
        again.accept(one.offer, NOON)


def test_a_log_does_not_go_back_to_a_plan_by_itself(tmp_path: Path) -> None:
    at = opened(tmp_path / "log")
    entry = agreed(at, offered(at))
    case = rival([next(o for r in desk.asks(12) for o in at.quoter.quote(r))])
    again = open_desk(*case, tmp_path / "log", now=NOON)
    with pytest.raises(UserError, match="log-moved-on"):
        at.accept(entry.offer.offer, NOON)  # another process went on to the new plan meanwhile
    with pytest.raises(UserError, match="log-moved-on"):
        at.quote(desk.asks(1)[0], NOON)
    with pytest.raises(UserError, match="plan-left"):
        opened(tmp_path / "log")
    assert again.book.stand == (case[0].hash, case[1].hash)
    back = open_desk(*desk.planned(), tmp_path / "log", now=NOON, back=True)
    assert back.book.stand == (desk.planned()[0].hash, desk.planned()[1].hash)
    with pytest.raises(UserError, match="log-moved-on"):
        again.entries(NOON)


def test_a_log_that_sold_twice_is_put_right_at_opening(tmp_path: Path) -> None:
    at = opened(tmp_path / "log")
    request = big(at)
    one, other = (agreed(at, at.quote(request, NOON).entries[0]).offer for _ in range(2))
    assert at.accept(one.offer, NOON).done
    with at.journal.locked():  # what no desk writes
        event = {"at": NOON.isoformat(), "kind": "accepted", "offer": other.offer, "record": other.record()}
        at.journal.append(event, durable=True)
    again = opened(tmp_path / "log")
    assert again.live.over() == []
    assert [e.offer.offer for e in again.changed] == [other.offer]
    assert again.book.entries[other.offer].over
    assert not again.book.entries[one.offer].over
    assert same(again, opened(tmp_path / "log"))


def test_a_log_of_another_cluster_is_refused_and_not_touched(tmp_path: Path) -> None:
    at = opened(tmp_path / "log")
    offered(at)
    before = (tmp_path / "log").read_bytes()
    cluster, made = desk.tiny_case(1)
    with pytest.raises(UserError, match="log-of-another-cluster"):
        open_desk(cluster, made, tmp_path / "log", now=NOON + timedelta(hours=1))
    assert (tmp_path / "log").read_bytes() == before


def test_an_order_that_was_cancelled_leaves_the_cluster(tmp_path: Path) -> None:
    at = opened(tmp_path / "log")
    offer = accepted(at, offered(at))
    case = at.cluster(), plan_with(at.cluster(), desk.planned()[1], [offer])
    again = open_desk(*case, tmp_path / "log", now=NOON)
    assert again.changed == ()
    again.release(offer.offer, NOON, "cancelled")
    assert again.cluster().hash == desk.planned()[0].hash
    assert again.live.over() == []
    assert same(again, open_desk(*case, tmp_path / "log"))


def test_what_was_bought_before_today_still_comes(tmp_path: Path) -> None:
    at = opened(tmp_path / "log")
    found = (e for r in desk.asks(24) for e in at.quote(r, NOON).entries if e.offer.purchases and not e.offer.again)
    offer = accepted(at, next(found))
    later = open_desk(*desk.planned(), tmp_path / "log", today=offer.start)
    assert later.live.over() == []
    assert all(not later.live.open_[row] for row in later.standing._rows(offer) if _before(later, row, offer))


def _before(at: Desk, row: int, offer: Offer) -> bool:
    ground = at.live.ground
    return bool(ground.periods[ground.offers.period[row]].start < offer.start)

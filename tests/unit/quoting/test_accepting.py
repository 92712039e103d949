"""Accepting looks again: at the word of makers, at price and worth, and at what all rests on."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from cordwainer.core import UserError, Verdict
from cordwainer.quoting import open_desk
from cordwainer.quoting.lines import accepted_unasked
from tests.unit.quoting import desk
from tests.unit.quoting.test_desk import NOON, agreed, offered, opened


def accepting(until: date | None = None) -> pl.DataFrame:
    """Return the statements of the sample with every owner accepting unasked, up to a day."""
    table = desk.planned()[0]["line_statement"]
    return table.with_columns(
        mode=pl.lit("accept"), accept_pairs=pl.lit(10**6, pl.Int64), valid_until=pl.lit(until, pl.Date)
    )


def test_a_maker_who_withdrew_his_word_must_be_asked(tmp_path: Path) -> None:
    at = open_desk(*desk.changed(line_statement=accepting()), tmp_path / "log")
    one, other = offered(at), offered(at, 1)
    assert one.firm
    assert other.firm
    line = next(iter(one.offer.lots[0].lines.values()))
    withdrawn = accepting().with_columns(mode=pl.when(line=line).then(pl.lit("ask")).otherwise("mode"))
    again = open_desk(*desk.changed(line_statement=withdrawn), tmp_path / "log", now=NOON)
    waits = again.book.entries[one.offer.offer].waits_for
    assert len(waits) == 1
    with pytest.raises(UserError, match="makers-unanswered"):
        again.accept(one.offer.offer, NOON)
    again.answer(one.offer.offer, waits[0], NOON, yes=True)
    assert again.accept(one.offer.offer, NOON).done


def test_a_word_that_has_run_out_by_today_does_not_count(tmp_path: Path) -> None:
    case = desk.changed(line_statement=accepting(date(2026, 3, 6)))
    at = open_desk(*case, tmp_path / "log")
    entry = offered(at)
    assert entry.firm
    assert accepted_unasked(case[0], date(2026, 3, 6)).all()
    later = open_desk(*case, tmp_path / "log", today=date(2026, 3, 7))
    assert not later.live.accept.any()
    at.live.accept[:] = later.live.accept  # the day alone: what cannot be bought any more is another matter
    with pytest.raises(UserError, match="makers-unanswered"):
        at.accept(entry.offer.offer, NOON)
    assert set(at.book.entries[entry.offer.offer].waits_for) == set(entry.offer.firms)
    agreed(at, at.book.entries[entry.offer.offer])
    assert at.accept(entry.offer.offer, NOON).done


def test_a_price_that_no_longer_holds_is_not_accepted_unless_it_was_held(tmp_path: Path) -> None:
    at = open_desk(*desk.changed(line_statement=accepting()), tmp_path / "log")
    loose, held = offered(at).offer, offered(at, 1).offer  # two requests: the room of one is not the other's
    at.hold(held.offer, NOON)
    dearer = accepting().with_columns(fen_pair=pl.col("fen_pair") * 105 // 100)
    again = open_desk(*desk.changed(line_statement=dearer), tmp_path / "log", now=NOON)
    gone = again.accept(loose.offer, NOON)
    assert (gone.done, gone.entry.why) == (False, "price-rose")
    assert gone.fresh is not None
    assert min(e.offer.price for e in gone.fresh.entries) > loose.price
    kept = again.accept(held.offer, NOON)
    assert kept.done
    assert kept.entry.offer.price == held.price
    assert kept.entry.offer.contribution_fen < held.contribution_fen


def test_what_would_cost_the_plan_more_than_it_brings_is_not_accepted(tmp_path: Path) -> None:
    at = open_desk(*desk.changed(line_statement=accepting()), tmp_path / "log")
    offer = offered(at).offer
    at.hold(offer.offer, NOON)
    dear = accepting().with_columns(fen_pair=pl.col("fen_pair") * 3)
    again = open_desk(*desk.changed(line_statement=dear), tmp_path / "log", now=NOON)
    gone = again.accept(offer.offer, NOON)
    assert (gone.done, gone.entry.why) == (False, "worth-gone")


def test_what_rests_on_an_unknown_price_is_never_firm(tmp_path: Path) -> None:
    cluster = desk.planned()[0]
    at = opened(tmp_path / "log")
    entry = offered(at)
    needed = {at.live.ground.materials[m] for m in at.quoter.asking.recipe(entry.offer.request).need_material}
    at.live.ground.__dict__["unpriced"] = frozenset(at.live.ground.material_number[m] for m in needed)
    answer = at.quote(entry.offer.request, NOON)
    assert answer.verdict is Verdict.UNKNOWN
    (first, *_) = answer.entries
    assert {kind for kind, _ in first.offer.rests_on} == {"material-price"}
    assert not agreed(at, first).firm
    with pytest.raises(UserError, match="rests-on-unknown") as error:
        at.accept(first.offer.offer, NOON)
    assert next(iter(needed)) in error.value.say("zh")
    assert cluster is at.live.ground.cluster

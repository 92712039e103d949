"""What people do: publish, answer, state a line, admit a workshop; each whole, once, and in the audit."""

from datetime import date

import polars as pl
import pytest

from cordwainer.cluster import Cluster, Plan
from cordwainer.core import DataErrors, UserError
from cordwainer.hub.access.gate import Gate
from cordwainer.hub.access.viewer import Viewer
from cordwainer.hub.acts.lines import SixAnswers, admit, state_line
from cordwainer.hub.acts.publish import publish
from cordwainer.hub.acts.reply import answer
from cordwainer.hub.audit.verify import faults
from cordwainer.hub.models import Account, Aggregate, AuditEntry, Pay, Reply
from cordwainer.hub.store.plans import keep_plan
from cordwainer.hub.store.versions import head, live
from cordwainer.planning import pay_of_work
from tests.small_plan import small_cluster, small_plan
from tests.unit.hub.worlds import Town, plan_for, publish_small

DAY = date(2026, 3, 2)
ANSWERS = SixAnswers("closing", 12, 9.5, (("cemented", "casual"), ("cemented", "boot")), 300, 480)


def status_of(lot: str) -> str:
    return str(live()["promise"].filter(lot=lot)["status"].item())


def test_publishing_puts_every_lot_on_offer_as_planned(town: Town) -> None:
    promises = live()["promise"]
    assert set(promises["lot"]) == set(small_plan()["lot"]["lot"])
    assert set(promises["status"]) == {"offered"}
    assert set(promises["until"]) == {date(2026, 3, 4)}
    assert live()["promise_work"].height == small_plan()["work"].height


def test_pay_is_kept_as_the_planning_works_it_out(town: Town) -> None:
    worked = pay_of_work(small_cluster(), small_plan()).select("lot", "stage", "fen").sort("lot", "stage")
    kept = sorted(Pay.objects.filter(run=town.run).values_list("lot", "stage", "fen"))
    assert kept == worked.rows()


def test_places_are_blank_where_few_firms_stand_behind_them(town: Town) -> None:
    assert Aggregate.objects.count() > 0
    assert not Aggregate.objects.exclude(used=None, price_mfen=None).exists()


@pytest.mark.usefixtures("hub")
def test_places_are_told_where_enough_firms_stand_behind_them() -> None:
    cluster = small_cluster()
    one = cluster.replace(site=cluster["site"].with_columns(district=pl.lit("lucheng")))
    kept = Aggregate.objects.filter(run=publish_small(date(2026, 3, 1), one).run)
    told = kept.exclude(used=None)
    assert told.count() == kept.count() > 0
    dearest = max(p for p in told.values_list("price_mfen", flat=True) if p is not None)
    assert dearest == pytest.approx(60 * 2500 / 10)


def test_a_plan_goes_out_once_and_only_with_a_certificate(town: Town) -> None:
    with pytest.raises(UserError) as caught:
        publish(None, town.run, DAY)
    assert caught.value.code == "published"
    run = keep_plan(None, head(), plan_for(live()), certified=False, note="")
    with pytest.raises(UserError) as caught:
        publish(None, run, DAY)
    assert caught.value.code == "not-certified"


def test_a_plan_does_not_go_out_after_an_answer_that_it_does_not_know(town: Town) -> None:
    run = keep_plan(None, head(), plan_for(live()), certified=True, note="")
    answer(town.accounts["maker"], town.run, "O000-1", "decline", "", DAY)
    with pytest.raises(UserError) as caught:
        publish(None, run, DAY)
    assert caught.value.code == "promises-changed"


def test_the_next_plan_lets_go_what_nobody_accepted(town: Town) -> None:
    plan = plan_for(live())
    kept = plan["lot"].filter(pl.col("order") == "O000").with_columns(lot=pl.lit("O000-2"))
    rest = {t: plan[t].filter(lot="O000-1").with_columns(lot=pl.lit("O000-2")) for t in ("lot_line", "work")}
    run = keep_plan(None, head(), Plan({**plan.frames, "lot": kept, **rest}), certified=True, note="")
    publish(town.accounts["planner"], run, DAY)
    assert status_of("O000-1") == "released"
    assert status_of("O000-2") == "offered"


def test_a_lot_is_accepted_once_each_of_its_makers_has_said_yes(town: Town) -> None:
    partner = Account.objects.create(login="p", name="p", role="maker", firm="F01")
    assert answer(town.accounts["maker"], town.run, "O000-1", "accept", "", DAY) == "offered"
    before = (head(), AuditEntry.objects.count())
    assert answer(town.accounts["maker"], town.run, "O000-1", "accept", "", DAY) == "offered"
    assert (head(), AuditEntry.objects.count()) == before
    assert answer(partner, town.run, "O000-1", "accept", "", DAY) == "accepted"
    assert status_of("O000-1") == "accepted"
    assert list(faults()) == []


def test_one_no_ends_a_lot(town: Town) -> None:
    partner = Account.objects.create(login="p", name="p", role="maker", firm="F01")
    assert answer(town.accounts["maker"], town.run, "O000-1", "decline", "full", DAY) == "declined"
    with pytest.raises(UserError) as caught:
        answer(partner, town.run, "O000-1", "accept", "", DAY)
    assert caught.value.code == "offer-over"
    assert Reply.objects.get().reason == "full"


@pytest.mark.parametrize(
    ("lot", "said", "day", "code"),
    [
        ("O005-1", "accept", DAY, "unknown-offer"),
        ("none", "accept", DAY, "unknown-offer"),
        ("O000-1", "perhaps", DAY, "unknown-answer"),
        ("O000-1", "accept", date(2026, 3, 5), "offer-over"),
    ],
)
def test_answers_that_cannot_be_are_refused(town: Town, lot: str, said: str, day: date, code: str) -> None:
    with pytest.raises(UserError) as caught:
        answer(town.accounts["maker"], town.run, lot, said, "", day)
    assert caught.value.code == code
    assert not Reply.objects.exists()


def test_a_yes_is_not_taken_back_by_a_second_answer(town: Town) -> None:
    answer(town.accounts["maker"], town.run, "O000-1", "accept", "", DAY)
    with pytest.raises(UserError):
        answer(town.accounts["maker"], town.run, "O000-1", "decline", "", DAY)


def test_six_answers_make_a_line_and_assume_the_rest(town: Town) -> None:
    line, change = state_line(town.accounts["maker"], ANSWERS, DAY)
    assert change is not None
    own = Gate(Viewer("maker", "F00"), live())
    row = own.rows("line_statement").filter(line=line).row(0, named=True)
    assert (row["people"], row["hours_day"], row["pairs_day"], row["fen_pair"]) == (12, 9.5, 300, 480)
    assert (row["basis"], row["valid_from"], row["reference_category"]) == ("stated", DAY, "casual")
    assert own.rows("line").filter(line=line)["stage"].item() == "closing"
    assert own.rows("line_makes").filter(line=line).height == 2
    assert AuditEntry.objects.filter(action="field", table="line_statement", column="fen_pair", new="480").exists()


def test_a_line_is_stated_anew_from_a_day_on_and_kinds_keep_what_is_known_of_them(town: Town) -> None:
    before = live()["line_makes"].filter(line="L00cl")
    again = SixAnswers("closing", 21, 8.0, (("cemented", "dress_men"), ("cemented", "boot")), 510, 410)
    state_line(town.accounts["maker"], again, DAY, "L00cl")
    state_line(town.accounts["maker"], again, date(2026, 3, 9), "L00cl")
    rows = live()["line_statement"].filter(line="L00cl").sort("valid_from")
    assert rows["people"].to_list() == [21, 21]
    after = live()["line_makes"].filter(line="L00cl")
    assert after.join(before, on=after.columns, how="semi", nulls_equal=True).height == 1
    assert after.height == 2


@pytest.mark.parametrize(
    ("said", "line", "error"),
    [
        (SixAnswers("closing", 12, 9.5, (), 300, 480), "", UserError),
        (SixAnswers("closing", 0, 9.5, ANSWERS.kinds, 300, 480), "", DataErrors),
        (SixAnswers("closing", 12, 25.0, ANSWERS.kinds, 300, 480), "", DataErrors),
        (SixAnswers("weaving", 12, 9.5, ANSWERS.kinds, 300, 480), "", DataErrors),
        (SixAnswers("closing", 12, 9.5, (("cemented", "hat"),), 300, 480), "", DataErrors),
        (ANSWERS, "L05cl", UserError),
        (ANSWERS, "none", UserError),
    ],
)
def test_answers_that_make_no_line_change_nothing(
    town: Town, said: SixAnswers, line: str, error: type[Exception]
) -> None:
    before = head()
    with pytest.raises(error):
        state_line(town.accounts["maker"], said, DAY, line)
    assert head() == before


def test_a_workshop_is_admitted_and_states_its_first_line(town: Town) -> None:
    account = admit(town.accounts["planner"], "13900000009", "新作坊", "ouhai")
    line, _ = state_line(account, ANSWERS, DAY)
    assert line.startswith(account.firm)
    assert Gate(Viewer("maker", account.firm), live()).rows("line").height == 1
    cluster: Cluster = live()
    assert cluster["firm_role"].filter(firm=account.firm)["role"].to_list() == ["workshop"]
    with pytest.raises(UserError) as caught:
        admit(town.accounts["planner"], "13900000009", "另一家", "ouhai")
    assert caught.value.code == "known-phone"

"""The gate: each role and each column, shown on rows of every table; the purpose wall; consent; means of few firms."""

from collections.abc import Iterator
from datetime import date, timedelta

import polars as pl
import pytest

from cordwainer.cluster import Cluster, dictionary
from cordwainer.exchange import plan_view
from cordwainer.hub.access.disclosure import told
from cordwainer.hub.access.gate import Gate
from cordwainer.hub.access.ownership import listed
from cordwainer.hub.access.viewer import PUBLIC, Viewer
from cordwainer.hub.acts.consent import consent
from cordwainer.hub.models import Account
from cordwainer.hub.store.versions import live
from cordwainer.hub.web.visit import today, viewer_of
from tests.small_plan import STAGES, small_cluster, small_plan
from tests.unit.hub.worlds import COMPETITOR, PARTNER, Town, with_rows

MAKER, BUYER = Viewer("maker", "F00"), Viewer("buyer", "B1")
PLANNER, INSPECTOR, OFFICER = Viewer("planner"), Viewer("inspector"), Viewer("officer")


def guarded() -> Iterator[str]:
    """Yield the tables that hold more than anybody who is signed in may read."""
    for table in dictionary.tables().values():
        if any(c.secrecy not in ("public", "members") for c in table.columns):
            yield table.name


def test_every_guarded_table_has_an_owner_or_a_reason_to_have_none() -> None:
    owned = {row["table"] for row in listed("owners")}
    without = {row["table"] for row in listed("ownerless")}
    assert owned | without == set(guarded())
    assert not owned & without
    assert all(row["why"] for row in listed("ownerless"))


@pytest.mark.parametrize("name", ["owners", "partners"])
def test_lists_name_columns_that_exist(name: str) -> None:
    for row in listed(name):
        columns = {c.name: c for c in dictionary.tables()[row["table"]].columns}
        assert row["column"] in columns
        reference = columns[row["column"]].references
        if name == "owners" and reference is not None:
            assert reference[0] == row["of"]


def test_every_word_of_purpose_and_secrecy_has_a_rule() -> None:
    columns = [c for t in dictionary.tables().values() for c in t.columns]
    assert {c.secrecy for c in columns} == {"public", "members", "partners", "own", "planner", "officer"}
    assert {c.purpose for c in columns} == {"public", "trade", "official"}


@pytest.fixture
def rich() -> Cluster:
    """Return the small cluster with rows that only some may read."""
    return with_rows(
        small_cluster(),
        figure=[{"unit": "F00", "year": 2025, "indicator": "tax", "value": 7.0}],
        worker_skill=[{"firm": f, "skill": "welt", "workers": 3} for f in ("F00", PARTNER, COMPETITOR)],
        certificate=[
            {"firm": f, "standard": "iso", "certificate": f"c-{f}", "document": "scan"}
            for f in ("F00", PARTNER, COMPETITOR)
        ],
        promise=[
            {"lot": "a", "order": "O000", "pairs": 10, "status": "accepted"},
            {"lot": "b", "order": "O005", "pairs": 9, "status": "offered"},
        ],
        promise_line=[
            {"lot": lot, "stage": stage, "line": f"L{firms[stage in ('lasting', 'finishing')]}{stage[:2]}"}
            for lot, firms in (("a", ("00", "01")), ("b", ("05", "05")))
            for stage in STAGES
        ],
        promise_work=[
            {"lot": lot, "stage": stage, "start_date": date(2026, 3, 2) + timedelta(weeks=week), "pairs": pairs}
            for lot, pairs in (("a", 10), ("b", 9))
            for week, stage in enumerate(STAGES)
        ],
    )


# For each viewer and table: ids of the rows shown, by the first key column.
SHOWN = [
    (PUBLIC, "firm", 12),
    (PUBLIC, "site", 0),
    (PUBLIC, "order", 0),
    (PUBLIC, "line_statement", 0),
    (PUBLIC, "figure", 0),
    (MAKER, "line", 5),
    (MAKER, "line_statement", 5),
    (MAKER, "worker_skill", 1),
    (MAKER, "certificate", 2),
    (MAKER, "promise", 1),
    (MAKER, "promise_line", 5),
    (MAKER, "promise_work", 5),
    (MAKER, "order", 1),
    (MAKER, "supplier_offer", 0),
    (MAKER, "figure", 0),
    (MAKER, "outside_maker", 0),
    (Viewer("maker", COMPETITOR), "promise", 1),
    (Viewer("supplier", "S1"), "supplier_offer", 1),
    (Viewer("supplier", "S1"), "price_break", 2),
    (Viewer("supplier", "S1"), "line_statement", 0),
    (BUYER, "order", 20),
    (BUYER, "promise", 2),
    (BUYER, "line_statement", 0),
    (BUYER, "certificate", 3),
    (PLANNER, "line_statement", 50),
    (PLANNER, "order", 20),
    (PLANNER, "figure", 0),
    (PLANNER, "outside_maker", 1),
    (INSPECTOR, "figure", 1),
    (INSPECTOR, "line_statement", 0),
    (INSPECTOR, "order", 0),
    (OFFICER, "figure", 1),
    (OFFICER, "promise", 0),
]


@pytest.mark.parametrize(("viewer", "table", "count"), SHOWN)
def test_rows_shown(rich: Cluster, viewer: Viewer, table: str, count: int) -> None:
    assert Gate(viewer, rich).rows(table).height == count


def test_a_partner_reads_the_order_but_not_its_price(rich: Cluster) -> None:
    row = Gate(MAKER, rich).rows("order").row(0, named=True)
    assert (row["order"], row["pairs"]) == ("O000", 1000)
    assert row["price"] is None
    assert Gate(BUYER, rich).rows("order")["price"].null_count() == 0


def test_a_partner_reads_that_there_is_a_certificate_but_not_the_paper(rich: Cluster) -> None:
    rows = {r["firm"]: r for r in Gate(MAKER, rich).rows("certificate").to_dicts()}
    assert set(rows) == {"F00", PARTNER}
    assert rows["F00"]["document"] == "scan"
    assert rows[PARTNER]["document"] is None


def test_a_declined_lot_makes_nobody_partners(rich: Cluster) -> None:
    declined = rich.replace(promise=rich["promise"].with_columns(status=pl.lit("declined")))
    assert Gate(MAKER, declined).rows("order").is_empty()
    assert Gate(MAKER, declined).rows("certificate")["firm"].to_list() == ["F00"]


def test_no_official_column_reaches_planner_or_firms(rich: Cluster) -> None:
    for viewer in (PLANNER, BUYER, MAKER, Viewer("supplier", "S1")):
        gate = Gate(viewer, rich)
        for table in dictionary.cluster_tables():
            for column in table.columns:
                if column.purpose == "official" and column.secrecy == "officer":
                    assert gate.rows(table.name)[column.name].null_count() == gate.rows(table.name).height


def test_no_trade_column_reaches_an_office_without_consent(rich: Cluster) -> None:
    for viewer in (INSPECTOR, OFFICER):
        gate = Gate(viewer, rich, small_plan())
        for table in dictionary.tables().values():
            for column in table.columns:
                if column.purpose == "trade" and column.secrecy not in ("public", "members"):
                    assert gate.rows(table.name)[column.name].null_count() == gate.rows(table.name).height


def test_consent_opens_the_rows_of_one_firm_to_one_office_and_is_taken_back(town: Town) -> None:
    maker, office = town.accounts["maker"], town.accounts["inspector"]
    consent(maker, "inspector", "lines", today(), given=True)
    consent(maker, "inspector", "lines", today(), given=True)
    shown = Gate(viewer_of(office), live()).rows("line_statement")
    assert set(shown["line"].str.slice(0, 3)) == {"L00"}
    assert Gate(viewer_of(office), live()).rows("worker_skill").is_empty()
    assert Gate(viewer_of(town.accounts["officer"]), live()).rows("line_statement").is_empty()
    consent(maker, "inspector", "lines", today(), given=False)
    assert Gate(viewer_of(Account.objects.get(pk=office.pk)), live()).rows("line_statement").is_empty()


def test_a_consent_does_not_hold_before_its_day(town: Town) -> None:
    consent(town.accounts["maker"], "officer", "lines", today() + timedelta(days=1), given=True)
    assert viewer_of(town.accounts["officer"]).consents == frozenset()


def test_a_shadow_price_is_shown_to_the_owner_of_the_line_and_the_planner() -> None:
    plan = small_plan()
    assert set(Gate(MAKER, small_cluster(), plan).rows("price")["id"]) == {"L00cl"}
    assert Gate(Viewer("maker", PARTNER), small_cluster(), plan).rows("price").is_empty()
    assert Gate(BUYER, small_cluster(), plan).rows("price").is_empty()
    assert Gate(PLANNER, small_cluster(), plan).rows("price").height == plan["price"].height


def test_what_the_plan_earns_is_for_the_planner_alone() -> None:
    for table in ("plan", "order_plan", "outcome", "bound_part", "outside_order", "purchase"):
        for viewer in (PUBLIC, MAKER, BUYER, INSPECTOR, OFFICER):
            assert Gate(viewer, small_cluster(), small_plan()).rows(table).is_empty()
        assert Gate(PLANNER, small_cluster(), small_plan()).rows(table).height == small_plan()[table].height


@pytest.mark.parametrize(
    ("firms", "largest", "shown"), [(5, 0.5, True), (4, 0.3, False), (9, 0.51, False), (0, None, False)]
)
def test_a_mean_is_told_of_at_least_five_firms_none_over_half(firms: int, largest: float | None, shown: bool) -> None:
    frame = pl.DataFrame({"firms": [firms], "largest": [largest]}, schema={"firms": pl.Int64, "largest": pl.Float64})
    assert frame.select(told()).item() is shown


def test_firms_behind_a_mean_are_counted_by_what_they_offer() -> None:
    cluster = small_cluster()
    together = cluster.replace(site=cluster["site"].with_columns(district=pl.lit("lucheng")))
    rows = plan_view(together, small_plan(), "places").frame
    assert set(rows["firms"]) == {10}
    assert rows["largest"].max() == pytest.approx(0.1)
    statements = cluster["line_statement"]
    huge = pl.when(pl.col("line").str.starts_with("L03")).then(9000).otherwise("people").alias("people")
    rows = plan_view(together.replace(line_statement=statements.with_columns(huge)), small_plan(), "places").frame
    assert not rows.select(told()).to_series().any()

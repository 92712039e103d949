"""Value chain and people: cells sum to the price, by hand where few, blank where few firms; skills against the plan."""

from datetime import timedelta

import polars as pl
import pytest

from cordwainer.assessment.chain import ROLES, Chain, chain, channels, movement, places_on_the_curve, smile
from cordwainer.assessment.demand import net_prices
from cordwainer.assessment.people import skills, skills_of_the_cluster, wage_pressure
from cordwainer.cluster import Cluster, Plan
from tests.small_plan import small_cluster, small_plan


@pytest.fixture(scope="module")
def found() -> Chain:
    return chain(small_cluster(), small_plan())


def test_cells_of_an_order_sum_to_the_net_price_of_its_pairs(found: Chain) -> None:
    told = found.cells.group_by("order").agg(pl.col("yuan").sum(), pl.col("pairs").first()).sort("order")
    price = net_prices(small_cluster()).select("order", each="yuan")
    both = told.join(price, on="order")
    assert both.height == small_plan()["lot"]["order"].n_unique()
    for row in both.iter_rows(named=True):
        assert row["yuan"] == pytest.approx(row["each"] * row["pairs"])


def test_work_is_paid_at_the_ask_of_the_line(found: Chain) -> None:
    # Every line asks 4 yuan with VAT a pair of the shoe that is made: net of 13 per cent, 3.54 yuan a stage and pair.
    cells = found.cells.filter(pl.col("role").is_in(["cutting", "closing", "lasting", "finishing"]))
    each = cells.group_by("order", "role").agg(pl.col("yuan").sum() / pl.col("pairs").first())
    assert each["yuan"].to_list() == pytest.approx([4 / 1.13] * each.height, abs=0.01)


def test_the_curve_has_every_role_and_its_shares_sum_to_one(found: Chain) -> None:
    whole = smile(found).filter(channel="all")
    assert set(whole["role"]) == set(ROLES)
    assert found.cells["yuan"].sum() == pytest.approx(
        (whole["yuan"] * found.cells.unique("order")["pairs"].sum()).sum()
    )
    assert whole["share"].sum() == pytest.approx(1)


def test_roles_of_fewer_than_five_firms_are_blank(found: Chain) -> None:
    few = Chain(found.cells.filter(pl.col("firm").is_null() | pl.col("firm").is_in(["F00", "F01", "F02", "F03"])))
    told = smile(few).filter(channel="all")
    assert set(told.drop_nulls("yuan")["role"]) == {"material"}


def test_place_on_the_curve_by_hand_and_movement() -> None:
    rows = [
        ("O1", "A", "lasting", "oem", 10, 300.0),
        ("O1", "A", "lead", "oem", 10, 100.0),
        ("O2", "B", "sole", "odm", 10, 50.0),
        ("O2", "B", "lead", "obm", 10, 50.0),
        ("O3", "C", "lead", "oem", 10, -5.0),
    ]
    made = Chain(pl.DataFrame(rows, schema=["order", "firm", "role", "channel", "pairs", "yuan"], orient="row"))
    places = places_on_the_curve(made)
    assert dict(places.select("firm", "position").iter_rows()) == {"A": 0.25, "B": 2.5}
    later = places.with_columns(position=pl.col("position") + 0.5).filter(firm="A")
    moved = movement(later, places)
    assert moved.filter(firm="A")["moved"].item() == pytest.approx(0.5)
    assert moved.filter(firm="B")["moved"].item() is None


def test_channels_of_few_buyers_are_blank() -> None:
    assert channels(small_cluster())["pairs"].to_list() == [None]
    orders = small_cluster()["order"]
    buyers = [f"F{k:02}" for k in range(10)]
    papers = pl.DataFrame({"po": [f"P{k}" for k in range(20)], "buyer": buyers * 2})
    papers = pl.concat([small_cluster()["purchase_order"].head(0), papers], how="diagonal")
    papers = papers.with_columns(currency=pl.lit("CNY"), tax_included=pl.lit(value=True), firmness=pl.lit("confirmed"))
    moved = orders.with_columns(po=papers["po"], channel=pl.Series(["oem", "obm"] * 10))
    told = channels(Cluster({**small_cluster().frames, "order": moved, "purchase_order": papers}))
    assert told["channel"].to_list() == ["oem", "obm"]
    assert told["pairs_share"].sum() == pytest.approx(1)


@pytest.fixture(scope="module")
def skilled() -> tuple[Cluster, Plan]:
    """Return the small cluster whose closing wants a skill that five of its firms have, with a price for it."""
    frames = dict(small_cluster().frames)
    firms = ["F00", "F01", "F02", "F03", "F04"]
    held = pl.DataFrame({"firm": firms, "skill": "fine", "workers": 2, "of_which_multi": [1, 0, 0, 1, None]})
    frames["worker_skill"] = held.cast(dict(frames["worker_skill"].schema))  # type: ignore[arg-type]
    same = pl.col("stage") == "closing"
    frames["routing_template"] = frames["routing_template"].with_columns(
        skill=pl.when(same).then(pl.lit("fine")).otherwise(pl.lit(None, pl.String))
    )
    price = pl.DataFrame({"kind": ["skill"], "id": ["F00|fine"], "period": [1], "mfen": [5000]})
    plan = small_plan()
    more = Plan({**plan.frames, "price": pl.concat([plan["price"], price])})
    return Cluster(frames), more


def test_skills_against_the_plan(skilled: tuple[Cluster, Plan]) -> None:
    cluster, plan = skilled
    told = skills(cluster, plan)
    first = told.row(0, named=True)
    assert (first["firm"], first["skill"], first["workers"]) == ("F00", "fine", 2)
    # 5,000 / 1000 fen a minute are 3 yuan an hour. One worker: 6 days of 8 hours, 20 % overtime; two workers.
    assert first["yuan_hour"] == pytest.approx(3)
    assert first["short_yuan"] == pytest.approx(5 / 100 * 2 * 6 * 8 * 60 * 1.2)
    assert first["used"] == pytest.approx(first["needed"] / 2)
    unknown = told.filter(pl.col("workers").is_null())
    assert unknown.height
    assert unknown["used"].null_count() == unknown.height


def test_skills_of_the_cluster(skilled: tuple[Cluster, Plan]) -> None:
    told = skills_of_the_cluster(skills(*skilled)).row(0, named=True)
    assert told["workers"] == 10
    assert told["multi_share"] == pytest.approx(2 / 8)  # of the firms that say how many are
    few = skills(*skilled).filter(pl.col("firm") < "F04")
    assert skills_of_the_cluster(few)["workers"].to_list() == [None]


def test_wage_pressure_is_price_over_ask_and_blank_for_few(skilled: tuple[Cluster, Plan]) -> None:
    assert wage_pressure(*skilled)["pressure"].null_count() == wage_pressure(*skilled).height
    cluster, plan = skilled
    one = cluster["site"].with_columns(district=pl.lit("lucheng"))
    told = wage_pressure(Cluster({**cluster.frames, "site": one}), plan).filter(stage="closing").row(0, named=True)
    assert told["firms"] == 10
    # Line L00cl has 4,000 / 1000 fen a minute summed over 8 weeks, one line of ten: 0.05 fen a minute, 0.03 yuan an hour.
    assert told["price_yuan_hour"] == pytest.approx(0.03)
    assert told["pressure"] == pytest.approx(0.03 / told["ask_yuan_hour"])
    assert plan.periods[0].end - plan.periods[0].start == timedelta(days=6)

"""Views show what the plan's tables hold, in the units of trade."""

from datetime import date

import polars as pl
import pytest

from cordwainer.cluster import Cluster, Plan, polars_schema
from cordwainer.core import UserError
from cordwainer.exchange import VIEWS, key_figures, line_view, order_view, plan_view, price_view
from cordwainer.exchange.report.views_money import purchase_cost
from tests.small_plan import WEEKS, small_cluster, small_plan, small_reasons


@pytest.mark.parametrize("name", VIEWS)
def test_every_view_writes_every_row_in_both_languages(name: str) -> None:
    view = plan_view(small_cluster(), small_plan(), name, small_reasons())
    assert view.frame.height > 0
    for language in ("en", "zh"):
        rows = list(view.cells(language))
        assert len(rows) == view.frame.height
        assert {len(r) for r in rows} == {len(view.columns)}


def test_unknown_view_names_those_there_are() -> None:
    with pytest.raises(UserError) as caught:
        plan_view(small_cluster(), small_plan(), "nonsense")
    assert all(name in caught.value.remedy.en for name in VIEWS)


def test_load_counts_every_minute_once() -> None:
    view = plan_view(small_cluster(), small_plan(), "load")
    minutes = int(small_plan()["line_period"]["load_mmin"].sum())
    assert view.frame["load_hours"].sum() == pytest.approx(minutes / 60_000)
    assert view.frame.height == 5 * WEEKS
    by_maker = plan_view(small_cluster(), small_plan(), "makers").frame["load_hours"].sum()
    assert by_maker == pytest.approx(minutes / 60_000)


def test_pairs_finished_are_pairs_of_lots() -> None:
    pairs = int(small_plan()["lot"]["pairs"].sum())
    for name in ("districts", "makers"):
        assert plan_view(small_cluster(), small_plan(), name).frame["pairs"].sum() == pairs


def test_price_of_an_hour_is_sixty_times_that_of_a_minute() -> None:
    frame = price_view(small_cluster(), small_plan(), "L00cl").frame
    assert frame["price_mfen"].to_list() == [150_000, 90_000]
    assert frame["per_en"].unique().to_list() == ["worker-hour"]


def test_a_cap_is_named_by_what_it_limits_and_priced_by_the_kilogram() -> None:
    caps = pl.DataFrame(
        {
            "cap": ["K1", "K2"],
            "scope": ["district", "cluster"],
            "of": [small_cluster()["district"]["district"][0], None],
            "flow": ["solvent", "solvent"],
            "date_from": [date(2026, 3, 2)] * 2,
            "date_to": [date(2026, 3, 29)] * 2,
            "amount": [1000.0, 2000.0],
        },
        schema_overrides=polars_schema("cap"),
    )
    flow = pl.DataFrame(
        {"flow": ["solvent"], "name_en": ["Solvent"], "name_zh": ["溶剂"], "unit": ["g"], "counted_at": ["both"]}
    )
    frames = {**small_cluster().frames, "cap": caps, "flow": flow}
    row = {"kind": "cap", "id": "K1", "period": 0, "mfen": 1884}
    price = pl.DataFrame([row, {**row, "id": "K2"}], schema=small_plan()["price"].schema)
    view = plan_view(Cluster(frames), Plan({**small_plan().frames, "price": price}), "prices")
    cells = list(view.cells("zh"))
    named = small_cluster()["district"]["name_zh"][0]
    assert cells[0][1] == f"溶剂，{named}，2026-03-02 至 2026-03-29"
    assert cells[1][1] == "溶剂，全集群，2026-03-02 至 2026-03-29"
    assert cells[0][4:] == ("18.840", "公斤")


def test_unmet_orders_are_exactly_those_not_made_on_time_in_the_cluster() -> None:
    view = plan_view(small_cluster(), small_plan(), "unmet", small_reasons())
    assert sorted(view.frame["order"]) == ["O004", "O009", "O013", "O014", "O016", "O017", "O019"]
    assert view.frame["outcome"].to_list()[0] == "broken"
    reasons = dict(view.frame.select("order", "reason_zh").iter_rows())
    assert reasons["O009"] == "针车排满到4月5日"
    assert reasons["O016"] is None


def test_key_figures_add_up() -> None:
    found = {name: value or 0 for name, value in key_figures(small_cluster(), small_plan()).items()}
    parts = [found[f"orders_{o}"] for o in ("placed", "mixed", "outside", "declined", "broken")]
    assert sum(parts) == found["orders"] == 20
    assert found["local_share"] == found["pairs_in_lots"] / found["pairs"]
    assert found["orders_late"] == 3
    assert found["net_gap"] == pytest.approx(1 / 31)
    assert found["purchases_fen"] == 1500 * 90


@pytest.mark.parametrize(
    ("quantity", "kind", "fen"),
    [
        (999_000, "all", 999 * 95),
        (1_000_000, "all", 1000 * 90),
        (1_500_000, "part", 1000 * 95 + 500 * 90),
        (1, "all", 1),
    ],
)
def test_purchase_cost_by_kind_of_break(quantity: int, kind: str, fen: int) -> None:
    assert purchase_cost(quantity, kind, [(0.0, 95.0), (1000.0, 90.0)]) == fen


def test_order_and_line_views() -> None:
    order = order_view(small_cluster(), small_plan(), "O001")
    assert order.frame["stage"].to_list() == ["cutting", "closing", "sole", "lasting", "finishing"]
    line = line_view(small_cluster(), small_plan(), "L00cl")
    assert line.frame.height == WEEKS
    assert line.frame.filter(pl.col("pairs") > 0)["orders"].is_not_null().all()
    for call in (order_view, line_view, price_view):
        with pytest.raises(UserError):
            call(small_cluster(), small_plan(), "no such id")

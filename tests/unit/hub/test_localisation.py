"""The report of orders made outside: worked out as a job, filtered by the address, summed four ways, sent as a workbook."""

from datetime import date
from functools import cache
from io import BytesIO

import openpyxl
import polars as pl
import pytest

from cordwainer.cluster import Cluster, Plan
from cordwainer.core import weeks
from cordwainer.hub.access import records
from cordwainer.hub.access.viewer import Viewer
from cordwainer.hub.jobs import worker
from cordwainer.hub.models import Job
from cordwainer.hub.store.plans import keep_plan
from cordwainer.hub.store.versions import commit, head
from cordwainer.planning import Settings, plan
from cordwainer.quoting import BY, summed
from tests.small_plan import FIRST
from tests.unit.hub.desk_world import desk_cluster
from tests.unit.hub.worlds import Town, accounts, with_rows


@cache
def _world() -> tuple[Cluster, Plan]:
    """Return the town of the desk with three orders made far away, too large for its lines, and its plan."""
    far = {"po": "P1", "style": "Y1", "price": 12000, "due_date": date(2026, 4, 19), "made_at": "X1"}
    rows = [{"order": f"H{k}", "pairs": 60_000 * k, **far} for k in (1, 2, 3)]
    cluster = with_rows(desk_cluster(), order=rows)
    return cluster, plan(cluster, Settings(calendar=weeks(FIRST, 8), work=0, time_s=None, threads=1))


@pytest.fixture
def far_town(hub: None) -> Town:
    """Return that town, its plan not yet published."""
    cluster, made = _world()
    commit(None, "import", "far", cluster.frames)
    return Town(keep_plan(None, head(), made, certified=True, note=""), accounts())


def worked_out(town: Town) -> pl.DataFrame:
    """Ask for the report on its page, let a worker do it, and return what was found."""
    planner = town.client("planner")
    assert "Not worked out for this plan yet" in planner.get("/plan/localisation/").content.decode()
    job = planner.post("/plan/localisation/").url
    assert planner.post("/plan/localisation/").url == job, "one that waits is not asked for twice"
    worker.work(until_idle=True)
    done = Job.objects.get()
    assert done.status == "done", done.result
    assert f"/plan/localisation/?run={town.run.pk}" in planner.get(job).content.decode()
    found = records.homes(Viewer("planner"), town.run)
    assert found is not None
    return found


def test_orders_made_outside_are_listed_summed_and_sent(far_town: Town) -> None:
    town = far_town
    homes = worked_out(town)
    assert homes.height > 1
    planner = town.client("planner", "zh")
    for by in BY:
        page = planner.get(f"/plan/localisation/?by={by}").content.decode()
        for row in summed(homes, by).head(12).to_dicts():
            assert f"{row['could_come']:,} / {row['pairs']:,}" in page
    every = homes["order"].to_list()
    assert all(f">{order}<" in page for order in every[:50])
    cause = homes["cause"][0]
    shown = homes.filter(cause=cause)["order"].to_list()
    label = next(r for r in _rows(town, "") if r[0] == shown[0])
    chosen = _rows(town, f"?cause={_cause(label)}")
    assert [r[0] for r in chosen] == shown
    assert records.homes(Viewer("buyer", "B1"), town.run) is None


def _rows(town: Town, query: str) -> list[list[str]]:
    """Return the rows of the workbook that the page's address sends."""
    content = town.client("planner").get(f"/plan/localisation.xlsx{query}").content
    sheet = openpyxl.load_workbook(BytesIO(content)).worksheets[0]
    return [[str(v) for v in row] for row in list(sheet.values)[1:]]


def _cause(row: list[str]) -> str:
    return row[5]


def test_load_is_chosen_by_stage_district_and_week_with_its_prices(town: Town) -> None:
    planner = town.client("planner")
    page = planner.get("/plan/places/").content.decode()
    for name in ("stage", "district", "start_date"):
        assert f'<select name="{name}">' in page
    one = planner.get("/plan/places/?stage=lasting&district=Lucheng&start_date=2026-03-09").content.decode()
    assert "1 of" in one
    assert "2026-03-09" in one.split("<tbody>")[1]
    assert "2026-03-16" not in one.split("<tbody>")[1]
    assert Job.objects.count() == 0

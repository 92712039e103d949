"""Official figures of the small cluster's makers, for pages of the assessment."""

from datetime import date, timedelta
from typing import Any

from cordwainer.cluster import Cluster
from cordwainer.hub.acts.gradings import freeze_run
from tests.small_plan import small_cluster
from tests.unit.hub.worlds import Town, publish_small, with_rows

YEARS = (2024, 2025)
BASE = {
    "tax_yuan": 1.2e6,
    "land_mu": 12.0,
    "value_added_yuan": 9e6,
    "energy_tce": 300.0,
    "pollutants_t": 0.4,
    "staff": 120.0,
    "rd_yuan": 6e5,
    "revenue_yuan": 3e7,
    "power_kwh": 4e5,
    "water_m3": 9e3,
    "voc_g_pair": 40.0,
    "voc_treated": 0.0,
}


def graded_cluster(**changed: dict[str, float]) -> Cluster:
    """Return the small cluster with figures of ten makers, each with more tax and R&D, and more people, than the one before; ``changed`` figures by firm."""
    rows: list[dict[str, Any]] = []
    for k in range(10):
        better = {"tax_yuan": BASE["tax_yuan"] + 3e5 * k, "rd_yuan": BASE["rd_yuan"] + 5e4 * k, "staff": 90.0 + 5 * k}
        figures = BASE | better | changed.get(f"F{k:02}", {})
        rows += [
            {"unit": f"F{k:02}", "year": year, "indicator": name, "value": value, "status": "drawn"}
            for year in YEARS
            for name, value in figures.items()
        ]
    roles = [{"firm": f"F{k:02}", "role": "maker"} for k in range(10)]
    return with_rows(small_cluster(), figure=rows, firm_role=roles)


def publish_graded(day: date, cluster: Cluster | None = None) -> Town:
    """Publish the plan of a town whose makers have figures, and freeze a run of them by Huangyan's scheme on the day after."""
    town = publish_small(day, cluster or graded_cluster())
    freeze_run(town.accounts["officer"], "huangyan-2022", day + timedelta(days=1))
    return town

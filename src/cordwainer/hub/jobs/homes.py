"""The job that works out, for every order of a run made outside, what would bring it home."""

from __future__ import annotations

import polars as pl

from cordwainer.core import Text, UserError
from cordwainer.hub.jobs.queue import finish, tell
from cordwainer.hub.models.jobs import Job
from cordwainer.hub.models.runs import Run
from cordwainer.hub.store.plans import plan_of
from cordwainer.hub.store.versions import cluster_at
from cordwainer.quoting import Home, Quoter, live_of, localise

KIND = "homes"


def run_homes(job: Job) -> None:
    """Work out the report of a run, and keep it with the job.

    Raises
    ------
    UserError
        If there is no such run.
    """
    run = Run.objects.filter(pk=job.settings["number"]).first()
    if run is None:
        raise UserError(
            "no-such-run", Text("There is no such plan.", "没有这个计划。"), Text("Choose another.", "请另选计划。")
        )
    tell(job, {"en": "Asking for every order made outside", "zh": "正在逐单询算外地订单"})
    plan = plan_of(run.pk)
    rows = localise(Quoter(live_of(cluster_at(run.version), plan, plan.first_date)))
    days = rows.with_columns(pl.col("due", "ready").cast(pl.String))
    finish(job, "done", {"homes": run.pk, "rows": days.to_dicts()})


def homes_of(job: Job) -> pl.DataFrame:
    """Return what such a job found, in the form of `cordwainer.quoting.localise`."""
    return pl.DataFrame(job.result["rows"], schema=_schema()).with_columns(pl.col("due", "ready").str.to_date())


def _schema() -> dict[str, pl.DataType]:
    numbers = {"pairs", "price_fen", "needed_fen", "worth_fen", "together_fen"}
    return {name: pl.Int64() if name in numbers else pl.String() for name in Home.__dataclass_fields__}

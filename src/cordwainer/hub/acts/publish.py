"""Publish a plan: its lots go out on offer, and what others may know of loads and prices is fixed with it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import polars as pl
from django.db import transaction
from django.utils import timezone

from cordwainer.assessment import firm_numbers, peer_medians
from cordwainer.cluster import Cluster, Plan
from cordwainer.core import Text, UserError
from cordwainer.exchange import plan_view
from cordwainer.hub.access.disclosure import told
from cordwainer.hub.access.ownership import Ownership
from cordwainer.hub.audit.chain import Fact, append, hold
from cordwainer.hub.models.accounts import Account
from cordwainer.hub.models.runs import Aggregate, Median, Pay, Run
from cordwainer.hub.store.plans import plan_of
from cordwainer.hub.store.versions import cluster_at, commit, live
from cordwainer.planning import pay_of_work

DAYS_TO_ANSWER = 3
_PROMISES = ("promise", "promise_line", "promise_work")
_SEVERAL = 500


@transaction.atomic
def publish(account: Account | None, run: Run, today: date) -> Run:
    """Put every new lot of a run on offer until some days from today, and let go offers that nobody accepted.

    Raises
    ------
    UserError
        If the plan is not certified, is out already, or promises changed since it was made.
    """
    hold()
    run = Run.objects.select_for_update().get(pk=run.pk)
    cluster, plan, now = cluster_at(run.version), plan_of(run.pk), live()
    _refuse(run, cluster, now)
    commit(account, "publish", f"run {run.pk}", _promises(now, plan, today + timedelta(days=DAYS_TO_ANSWER)))
    _keep_pay(run, cluster, plan)
    _keep_places(run, cluster, plan)
    _keep_medians(run, cluster, plan)
    run.published_at = timezone.now()
    run.save()
    append(account.login if account else "", [Fact("published", "run", str(run.pk), new=_said(run.published_at))])
    return run


def _said(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def _refuse(run: Run, cluster: Cluster, now: Cluster) -> None:
    again = Text("Plan again and publish the new plan.", "请重新排产，再发布新计划。")
    if not run.certified:
        raise UserError("not-certified", Text("Only a certified plan goes out.", "只有通过核验的计划才能发布。"), again)
    if run.published_at is not None:
        raise UserError("published", Text("This plan is out already.", "该计划已发布。"), again)
    if not all(_same(cluster[t], now[t]) for t in _PROMISES):
        raise UserError(
            "promises-changed",
            Text("Offers were answered since this plan was made.", "该计划排出后，又有厂家答复了报价。"),
            again,
        )


def _same(a: pl.DataFrame, b: pl.DataFrame) -> bool:
    """Say whether two tables hold the same rows."""
    return a.height == b.height and a.join(b, on=a.columns, how="anti", nulls_equal=True).is_empty()


def _promises(now: Cluster, plan: Plan, until: date) -> dict[str, pl.DataFrame]:
    """Return the tables of promises with the plan's new lots on offer and older offers let go."""
    known = now["promise"]
    new = plan["lot"].join(known, on="lot", how="anti")
    let_go = pl.when(pl.col("status") == "offered").then(pl.lit("released")).otherwise("status")
    offered = new.with_columns(status=pl.lit("offered"), until=pl.lit(until))
    lines = plan["lot_line"].join(new, on="lot", how="semi")
    work = (
        plan["work"]
        .join(new, on="lot", how="semi")
        .join(plan["plan_period"].select("period", "start_date"), on="period")
        .select("lot", "stage", "start_date", "pairs")
    )
    return {
        "promise": pl.concat([known.with_columns(status=let_go), offered.select(known.columns)]),
        "promise_line": pl.concat([now["promise_line"], lines.select(now["promise_line"].columns)]),
        "promise_work": pl.concat([now["promise_work"], work.select(now["promise_work"].columns)]),
    }


def _keep_pay(run: Run, cluster: Cluster, plan: Plan) -> None:
    firm = Ownership(cluster.frames).owners("line").rename({"key": "line"})
    rows = pay_of_work(cluster, plan).join(firm, on="line", maintain_order="left")
    known = Pay.objects.filter(lot__in=cluster["promise"].filter(status="accepted")["lot"].to_list())
    rows = rows.filter(~pl.col("lot").is_in(sorted(set(known.values_list("lot", flat=True)))))  # paid as accepted
    Pay.objects.bulk_create(
        (Pay(run=run, **r) for r in rows.select("lot", "stage", "firm", "fen").iter_rows(named=True)),
        batch_size=_SEVERAL,
    )


def _keep_places(run: Run, cluster: Cluster, plan: Plan) -> None:
    """Keep loads and prices by stage, district and week, blank wherever too few firms stand behind them."""
    rows = plan_view(cluster, plan, "places").frame.drop_nulls("district")
    names = ["stage", "district", "start_date"]
    kept = rows.select(*names, *(pl.when(told()).then(pl.col(c)).alias(c) for c in ("used", "price_mfen")))
    Aggregate.objects.bulk_create((Aggregate(run=run, **r) for r in kept.iter_rows(named=True)), batch_size=_SEVERAL)


def _keep_medians(run: Run, cluster: Cluster, plan: Plan) -> None:
    """Keep the medians of the firms' numbers by stage, blank wherever too few stand behind them."""
    rows = peer_medians(firm_numbers(cluster, plan))
    kept = rows.select("stage", "number", value=pl.when(told()).then(pl.col("median")))
    Median.objects.bulk_create((Median(run=run, **r) for r in kept.iter_rows(named=True)), batch_size=_SEVERAL)

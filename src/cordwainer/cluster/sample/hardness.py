"""How hard a cluster is to plan, as numbers: from its tables alone, and from a plan where one is given."""

from __future__ import annotations

import polars as pl

from cordwainer.cluster.cluster import Cluster
from cordwainer.cluster.plan import Plan
from cordwainer.cluster.sample.styles import effective_minutes
from cordwainer.cluster.sample.supply import needs

_SHOE = ["construction", "category"]
_STAGE_OF = [*_SHOE, "style_tier", "stage"]
_LAST = "finishing"


def hardness(cluster: Cluster, plan: Plan | None = None) -> dict[str, float]:
    """Return the measures of difficulty by name, as shares or counts.

    From tables: ``load_<stage>`` (minutes asked over minutes offered and free), ``eligible_lines_median`` (of order and
    stage), ``orders_above_line_week``, ``orders_one_maker``, ``value_breaks_out_of_reach`` (share of material value in
    offers whose last break exceeds the need). From a plan: ``line_weeks_priced``, ``orders_across_districts``,
    ``materials_binding``, ``caps_binding``, ``orders_placed``.
    """
    groups = _line_groups(cluster)
    found = _loads(cluster) | _lines_of_orders(cluster, groups)
    found["orders_one_maker"] = _one_maker(cluster)
    found["value_breaks_out_of_reach"] = _breaks(cluster)
    return found if plan is None else found | _planned(cluster, plan)


def _styles(cluster: Cluster) -> pl.DataFrame:
    return cluster["style"].select("style", *_SHOE, style_tier="tier")


def _weeks(cluster: Cluster) -> float:
    """Return the weeks that orders may use: from the first booked day to the last due date, 0 where either is missing."""
    first = cluster["line_booked"].select(pl.col("date_from").min().cast(pl.Int32)).item()
    last = cluster["order"].select(pl.col("due_date").max().cast(pl.Int32)).item()
    return 0.0 if first is None or last is None else (int(last) - int(first) + 1) / 7


def _stated(cluster: Cluster) -> pl.DataFrame:
    """Return line, stage and standard minutes a week (offered minutes times efficiency at the reference shoe)."""
    times = cluster["routing_template"].select(
        "stage", "minutes_per_pair", reference_construction="construction", reference_category="category"
    )
    return (
        cluster["line_statement"]
        .join(cluster["line"].select("line", "stage", "tier", "site"), on="line")
        .join(times, on=["stage", "reference_construction", "reference_category"])
        .with_columns(
            week=pl.col("pairs_day") * pl.col("minutes_per_pair") * pl.col("days_week") * pl.col("share_offered")
        )
    )


def _line_groups(cluster: Cluster) -> pl.DataFrame:
    """Return, for shoe, style tier and stage, the number of lines and their median week in standard minutes."""
    able = (
        _stated(cluster)
        .select("line", "stage", "tier", "week")
        .join(cluster["line_makes"].select("line", *_SHOE), on="line")
    )
    wanted = cluster["style"].select(*_SHOE, style_tier="tier").unique()
    return (
        wanted.join(able, on=_SHOE)
        .filter(pl.col("tier") >= pl.col("style_tier"))
        .group_by(_STAGE_OF)
        .agg(lines=pl.len(), week=pl.col("week").median())
    )


def _loads(cluster: Cluster) -> dict[str, float]:
    wanted = cluster["order"].join(effective_minutes(dict(cluster.frames)), on="style")
    demand = wanted.group_by("stage").agg(asked=(pl.col("pairs") * pl.col("minutes_per_pair")).sum())
    booked = cluster["line_booked"].group_by("line").agg(booked=pl.col("minutes").sum())
    pace = pl.col("pairs_day") * pl.col("minutes_per_pair") / (pl.col("people") * pl.col("hours_day") * 60)
    free = pl.col("week") * _weeks(cluster) - pl.col("booked").fill_null(0) * pace
    offered = _stated(cluster).join(booked, on="line", how="left").group_by("stage").agg(offered=free.sum())
    both = demand.join(offered, on="stage").sort("stage")
    loads = {f"load_{stage}": asked / offered for stage, asked, offered in both.iter_rows()}
    return loads | {"load_all": float(both.select(pl.col("asked").sum() / pl.col("offered").sum()).item())}


def _lines_of_orders(cluster: Cluster, groups: pl.DataFrame) -> dict[str, float]:
    """Return the median count of eligible lines and the share of orders above a week of the median eligible line.

    Approved sites and required standards are counted; certificates count where they cover the due date.
    """
    stages = (
        cluster["order"]
        .select("order", "style", "pairs")
        .join(_styles(cluster), on="style")
        .join(effective_minutes(dict(cluster.frames)), on=["style"])
        .join(groups, on=_STAGE_OF, how="left")
    )
    strict = _strict_counts(cluster)
    counted = stages.join(strict, on=["order", "stage"], how="left").with_columns(
        lines=pl.coalesce("strict", "lines").fill_null(0)
    )
    heavy = stages.with_columns(weeks=pl.col("pairs") * pl.col("minutes_per_pair") / pl.col("week"))
    longest = heavy.group_by("order").agg(pl.col("weeks").max())
    return {
        "eligible_lines_median": float(counted.select(pl.col("lines").median()).item()),
        "orders_above_line_week": float(longest.select((pl.col("weeks") > 1).mean()).item()),
    }


def _strict_counts(cluster: Cluster) -> pl.DataFrame:
    """Return order, stage and count of eligible lines where the order asks for approved sites or standards."""
    asked = cluster["order_requirement"].with_columns(pl.col("stage").fill_null(_LAST))
    standards = asked.select("order", "stage", "standard")
    able = _approved_lines(cluster, standards)
    needed = able.join(standards, on=["order", "stage"])
    covers = (pl.col("valid_from") <= pl.col("due_date")) & (pl.col("valid_to") >= pl.col("due_date"))
    lost = (
        needed.join(_held(cluster), on=["firm", "standard"], how="left")
        .group_by("order", "stage", "line", "standard")
        .agg(ok=covers.fill_null(value=False).any())
        .filter(~pl.col("ok"))
    )
    left = able.join(lost, on=["order", "stage", "line"], how="anti").group_by("order", "stage").agg(strict=pl.len())
    strict = cluster["order"].filter("approval_needed").select("order", "style")
    stages = strict.join(effective_minutes(dict(cluster.frames)), on="style").select("order", "stage")
    wanted = pl.concat([stages, standards.select("order", "stage")]).unique()
    return wanted.join(left, on=["order", "stage"], how="left").with_columns(pl.col("strict").fill_null(0))


def _approved_lines(cluster: Cluster, standards: pl.DataFrame) -> pl.DataFrame:
    """Return order, stage, line, firm and due date: lines able to do the order at sites that its buyer approved.

    Stages of orders without approval stand only where they ask for a standard.
    """
    lines = cluster["line"].select("line", "site", "stage", "tier")
    lines = lines.join(cluster["site"].select("site", "firm"), on="site")
    makes = cluster["line_makes"].select("line", *_SHOE)
    papers = cluster["purchase_order"].select("po", "buyer")
    orders = cluster["order"].join(_styles(cluster), on="style").join(papers, on="po")
    orders = orders.select("order", "buyer", "approval_needed", "due_date", *_SHOE, "style_tier")
    sites = cluster["buyer_approval"].select("buyer", "site", "stage").unique()
    strict = orders.filter("approval_needed").join(sites, on="buyer").join(lines, on=["site", "stage"])
    asked = standards.select("order", "stage").unique()
    free = orders.filter(~pl.col("approval_needed")).join(asked, on="order").join(lines, on="stage")
    columns = ["order", "stage", "line", "firm", "due_date"]
    fits = [f.filter(pl.col("tier") >= pl.col("style_tier")).join(makes, on=["line", *_SHOE]) for f in (strict, free)]
    return pl.concat([f.select(columns) for f in fits])


def _held(cluster: Cluster) -> pl.DataFrame:
    """Return firm, standard, valid_from, valid_to with the standards that the held ones imply (one step)."""
    own = cluster["certificate"].select("firm", "standard", "valid_from", "valid_to")
    more = own.join(cluster["standard_implies"], on="standard").drop("standard").rename({"implied": "standard"})
    return pl.concat([own, more.select(own.columns)])


def _one_maker(cluster: Cluster) -> float:
    """Return the share of orders whose last stage one firm at most can do."""
    last = (
        cluster["line"]
        .filter(pl.col("stage") == _LAST)
        .join(cluster["site"].select("site", "firm"), on="site")
        .join(cluster["line_makes"].select("line", *_SHOE), on="line")
    )
    able = (
        _styles(cluster)
        .join(last, on=_SHOE)
        .filter(pl.col("tier") >= pl.col("style_tier"))
        .select("style", "firm")
        .unique()
    )
    makers = able.group_by("style").agg(makers=pl.len())
    named = cluster["order_maker"].filter(pl.col("rule") == "named").group_by("order").agg(named=pl.len())
    orders = (
        cluster["order"]
        .select("order", "style")
        .join(makers, on="style", how="left")
        .join(named, on="order", how="left")
    )
    few = pl.coalesce("named", "makers").fill_null(0) <= 1
    return float(orders.select(few.mean()).item())


def _breaks(cluster: Cluster) -> float:
    last = cluster["price_break"].group_by("offer").agg(pl.col("from_quantity").max())
    offers = cluster["supplier_offer"].join(last, on="offer").join(needs(dict(cluster.frames)), on="material")
    offers = offers.join(cluster["material"].select("material", "list_price"), on="material")
    value = offers.with_columns(value=pl.col("need") * pl.col("list_price") / pl.len().over("material"))
    beyond = pl.col("value").filter(pl.col("from_quantity") > pl.col("need")).sum() / pl.col("value").sum()
    return float(value.select(beyond).item())


def _planned(cluster: Cluster, plan: Plan) -> dict[str, float]:
    price = plan["price"].filter(pl.col("mfen") > 0)
    kinds = {k: price.filter(pl.col("kind") == k) for k in ("line", "material", "cap")}
    working = plan["line_period"].filter(pl.col("most_mmin") > 0)
    site = cluster["line"].select("line", "site").join(cluster["site"].select("site", "district"), on="site")
    places = plan["lot_line"].join(site, on="line").group_by("lot").agg(n=pl.col("district").n_unique())
    across = plan["lot"].join(places, on="lot").group_by("order").agg(across=(pl.col("n") > 1).any())
    dearest = (
        cluster["supplier_offer"]
        .join(cluster["price_break"], on="offer")
        .group_by("material")
        .agg(dearest=pl.col("price").max() * 1000)
    )
    scarce = (
        kinds["material"].join(dearest, left_on="id", right_on="material").filter(pl.col("mfen") > pl.col("dearest"))
    )
    placed = plan["outcome"].select(pl.col("outcome").is_in(["placed", "mixed"]).mean())
    return {
        "line_weeks_priced": kinds["line"].height / max(1, working.height),
        "orders_across_districts": float(across.select(pl.col("across").mean().fill_null(0)).item()),
        "materials_binding": scarce["id"].n_unique() / max(1, needs(dict(cluster.frames)).height),
        "caps_binding": float(kinds["cap"]["id"].n_unique()),
        "orders_placed": float(placed.item()),
    }

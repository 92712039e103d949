"""What owners state of their lines, and the balance of demand and capacity behind it."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from cordwainer.cluster.reference import reference_tables
from cordwainer.cluster.sample.draws import Floats, Random, dealt, lognormal, noise
from cordwainer.cluster.sample.parameters import par, rows

Tables = dict[str, pl.DataFrame]


def balance(made_lines: pl.DataFrame, raw: pl.DataFrame, weeks: int) -> tuple[float, dict[str, float]]:
    """Return the factor that turns relative order sizes into pairs, and the share of capacity offered by stage.

    Parameters
    ----------
    made_lines
        stage, people, pace.
    raw
        stage and minutes that the orders ask for at relative sizes.
    weeks
        Weeks of the plan.

    Notes
    -----
    For each stage: demand x factor = target load x capacity x share offered x (1 - share booked);
    the factor is such that the shares offered have the mean of the parameter.
    """
    day = par("hours_mean") * 60 * par("days_week_mean") * (1 - par("holiday_share"))
    work = made_lines.group_by("stage").agg(minutes=(pl.col("people") * pl.col("pace")).sum() * day * weeks)
    capacity = dict(work.iter_rows())
    demand = dict(raw.group_by("stage").agg(pl.col("minutes").sum()).iter_rows())
    target = {r["stage"]: float(r["target_load"]) for r in rows("stages")}
    free = 1 - booked_mean(weeks)
    usable = {s: target[s] * capacity[s] * free for s in demand}
    factor = par("offered_mean") * sum(usable.values()) / sum(demand.values())
    offered = {s: float(np.clip(factor * demand[s] / usable[s], 0.1, 0.95)) for s in demand}
    return factor, offered


def booked_mean(weeks: int) -> float:
    """Return the mean share of offered minutes that running work has booked over the plan."""
    spans = [(par(f"booked_weeks_{k}"), par(f"booked_load_{k}")) for k in (1, 2)]
    return par("booked_lines_share") * sum(w * load for w, load in spans) / weeks


def statements(
    rng: Random, made_lines: pl.DataFrame, makes: pl.DataFrame, offered: dict[str, float], first: date
) -> pl.DataFrame:
    """Return table line_statement: people, hours, pairs a day and yuan a pair as owners say them."""
    n = made_lines.height
    frame = _with_reference(rng, made_lines, makes)
    hours = rng.choice([9.0, 9.5, 10.0, 10.5], n, p=[par(f"hours_{k}") for k in range(1, 5)])
    stage = {r["stage"]: float(r["ask_fen_hour"]) for r in rows("stages")}
    people, pace = frame["people"].to_numpy(), frame["pace"].to_numpy()
    pairs_day = np.maximum(1, np.rint(people * hours * 60 * pace / frame["minutes_per_pair"].to_numpy()))
    ask = np.array([stage[s] for s in frame["stage"]]) * frame["cost"].to_numpy() * noise(rng, n, par("line_ask_sigma"))
    ask *= 1 + par("ask_tier") * (frame["tier"].to_numpy() - 3)
    invoice = np.where(
        frame["general"].to_numpy(),
        "vat",
        rng.choice(["none", "ordinary"], n, p=[par("no_invoice"), 1 - par("no_invoice")]),
    )
    fen = ask * people * hours / pairs_day * np.where(invoice == "vat", 1 + par("vat"), 1.0)
    share = np.array([offered[s] for s in frame["stage"]]) * noise(rng, n, par("offered_sigma"))
    accepts = rng.random(n) < par("accept_share")
    began = [first - timedelta(days=int(d)) for d in rng.integers(3, 120, n)]
    stale = rng.random(n) < par("stale_share")
    return frame.select("line", "people", "reference_construction", "reference_category").with_columns(
        valid_from=pl.Series(began),
        hours_day=pl.Series(hours),
        days_week=pl.Series(rng.choice([6.0, 6.5, 7.0], n, p=[par(f"days_{k}") for k in range(1, 4)])),
        pairs_day=pl.Series(pairs_day.astype(np.int64)),
        fen_pair=pl.Series(np.maximum(1, np.rint(fen)).astype(np.int64)),
        invoice=pl.Series(invoice),
        share_offered=pl.Series(np.clip(share, 0.05, 1.0).round(2)),
        overtime_share=pl.Series(rng.choice([0.1, 0.15, 0.2, 0.25], n)),
        overtime_premium=pl.lit(par("overtime_premium")),
        mode=pl.Series(np.where(accepts, "accept", "ask")),
        accept_pairs=pl.when(pl.Series(accepts)).then(pl.Series(pairs_day.astype(np.int64)) * 6),
        basis=pl.Series(
            rng.choice(["stated", "measured", "assumed"], n, p=[par("stated"), par("measured"), par("assumed")])
        ),
        confirmed_on=pl.Series(began),
        valid_until=pl.Series([first - timedelta(days=1) if s else None for s in stale], dtype=pl.Date),
    )


def booked(rng: Random, stated: pl.DataFrame, first: date) -> pl.DataFrame:
    """Return table line_booked: running work, heavy in the first weeks and thinner after."""
    busy = stated.filter(pl.Series(rng.random(stated.height) < par("booked_lines_share")))
    week = (busy["people"] * busy["hours_day"] * 60 * busy["days_week"] * busy["share_offered"]).to_numpy()
    parts, start = [], first
    for k in (1, 2):
        weeks = int(par(f"booked_weeks_{k}"))
        load = np.clip(par(f"booked_load_{k}") * noise(rng, busy.height, par("booked_sigma")), 0, 1)
        parts.append(
            pl.DataFrame(
                {
                    "line": busy["line"],
                    "date_from": start,
                    "date_to": start + timedelta(days=7 * weeks - 1),
                    "minutes": np.rint(week * weeks * load).astype(np.int64),
                }
            )
        )
        start += timedelta(days=7 * weeks)
    return pl.concat(parts)


def line_tables(rng: Random, made_lines: pl.DataFrame) -> Tables:
    """Return tables line and worker_skill."""
    n = made_lines.height
    small = lognormal(rng, n, par("line_lot_median"), par("line_lot_sigma")) * np.sqrt(made_lines["people"].to_numpy())
    defect = rng.uniform(par("defect_least"), par("defect_most"), n).round(3)
    table = made_lines.select("line", "site", "stage", "tier").with_columns(
        smallest_lot_pairs=pl.Series(np.maximum(1, np.rint(small / 10) * 10).astype(np.int64)),
        defect_share=pl.Series(defect),
    )
    return {"line": table, "worker_skill": _skills(rng, made_lines)}


def _skills(rng: Random, made_lines: pl.DataFrame) -> pl.DataFrame:
    """Workers with a skill, at some of the firms that have lines of the stage."""
    found = []
    for skill, stage in (("fine closing", "closing"), ("welting", "lasting"), ("injection", "lasting")):
        firm = made_lines.filter(pl.col("stage") == stage).group_by("firm").agg(pl.col("people").sum()).sort("firm")
        firm = firm.filter(pl.Series(rng.random(firm.height) < par("skill_known_share")))
        share = rng.uniform(par("skill_least"), 1.0, firm.height)
        workers = np.maximum(1, np.rint(firm["people"].to_numpy() * share)).astype(np.int64)
        found.append(firm.select("firm", skill=pl.lit(skill), workers=pl.Series(workers)))
    return pl.concat(found).with_columns(of_which_multi=pl.col("workers") // 3)


def _with_reference(rng: Random, made_lines: pl.DataFrame, makes: pl.DataFrame) -> pl.DataFrame:
    """Add the reference shoe of each line (one that it makes, at full pace) and its minutes."""
    own = makes.with_columns(u=pl.Series(rng.random(makes.height)), slow=pl.col("efficiency").is_not_null())
    chosen = own.sort("line", "slow", "u").unique("line", keep="first", maintain_order=True)
    times = reference_tables()["routing_template"].select("construction", "category", "stage", "minutes_per_pair")
    return (
        made_lines.join(chosen.select("line", "construction", "category"), on="line", maintain_order="left")
        .join(times, on=["construction", "category", "stage"], maintain_order="left")
        .rename({"construction": "reference_construction", "category": "reference_category"})
    )


def line_flows(rng: Random, made_lines: pl.DataFrame, grid: float) -> pl.DataFrame:
    """Return table line_flow: electricity, its carbon, and solvent that lasting lines give off beside their materials."""
    kwh = {r["stage"]: float(r["electricity_kwh"]) for r in rows("stages")}
    used: Floats = np.array([kwh[s] for s in made_lines["stage"]]) * noise(rng, made_lines.height, par("kwh_sigma"))
    lasting = (made_lines["stage"] == "lasting").to_numpy()
    solvent = np.where(
        lasting, lognormal(rng, made_lines.height, par("line_solvent_g"), par("line_solvent_sigma")), 0.0
    )
    basis = dealt(rng, [par("stated"), par("measured"), par("assumed")], made_lines.height)
    values = {"electricity": used, "carbon": used * grid, "solvent": solvent}
    return pl.concat(
        pl.DataFrame(
            {
                "line": made_lines["line"],
                "flow": [flow] * made_lines.height,
                "per_pair": amount.round(3),
                "basis": [("stated", "measured", "assumed")[int(b)] for b in basis],
            }
        )
        for flow, amount in values.items()
    )

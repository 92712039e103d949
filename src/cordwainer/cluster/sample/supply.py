"""Materials of the sample: needs, stock, purchases on the way, and offers of suppliers with minima and breaks."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from cordwainer.cluster.sample.draws import Random, codes
from cordwainer.cluster.sample.parameters import par
from cordwainer.cluster.sample.styles import effective_bill

Tables = dict[str, pl.DataFrame]
_DECIMALS = 3


def needs(tables: Tables) -> pl.DataFrame:
    """Return material and need (in its unit) were every order made; materials without need are left out.

    Materials that the buyer supplies are not counted, defects are.
    """
    defect = (par("defect_least") + par("defect_most")) / 2
    each = pl.col("quantity_per_pair") * (1 + pl.col("loss_share")) * (1 + defect)
    return (
        tables["order"]
        .group_by("style")
        .agg(pl.col("pairs").sum())
        .join(effective_bill(tables).filter(pl.col("supplied_by") != "buyer"), on="style")
        .group_by("material")
        .agg(need=(pl.col("pairs") * each).sum())
        .sort("material")
    )


def supply_tables(
    rng: Random, tables: Tables, made: pl.DataFrame, outside: list[str], first: date, weeks: int
) -> Tables:
    """Return tables stock, inbound, supplier_offer and price_break."""
    need = (
        needs(tables).join(tables["material"].select("material", "kind", "list_price"), on="material").sort("material")
    )
    scarce = pl.Series(rng.permutation(need.height) < round(par("scarce_share") * need.height))
    need = need.with_columns(scarce=scarce)
    holders = made.filter(pl.col("role").is_in(["maker", "supplier", "sole_maker"]))["firm"]
    offers, breaks = _offers(rng, need, made, outside, weeks)
    return {
        "stock": _stock(rng, need, holders, first),
        "inbound": _inbound(rng, need, holders, first, weeks),
        "supplier_offer": offers,
        "price_break": breaks,
    }


def _stock(rng: Random, need: pl.DataFrame, holders: pl.Series, first: date) -> pl.DataFrame:
    """Return table stock: some of the need lies at a few firms."""
    parts = []
    for material, quantity in need.select("material", "need").iter_rows():
        held = holders.gather(np.sort(rng.permutation(holders.len())[: int(par("stock_holders"))]))
        share = rng.dirichlet(np.ones(held.len())) * rng.uniform(par("stock_least"), par("stock_most"))
        parts.append(
            pl.DataFrame({"holder": held, "quantity": share * quantity}).with_columns(
                material=pl.lit(material), usable_from=pl.lit(first), quantity=pl.col("quantity").round(_DECIMALS)
            )
        )
    return pl.concat(parts)


def _inbound(rng: Random, need: pl.DataFrame, holders: pl.Series, first: date, weeks: int) -> pl.DataFrame:
    """Purchases made before the plan arrive in its first weeks."""
    bought = need.filter(pl.Series(rng.random(need.height) < par("inbound_share")))
    n = bought.height
    late = rng.integers(3, int(7 * min(weeks, par("inbound_weeks"))), n)
    return pl.DataFrame(
        {
            "inbound": codes("I", n),
            "holder": holders.gather(rng.integers(0, holders.len(), n)),
            "material": bought["material"],
            "usable_from": [first + timedelta(days=int(d)) for d in late],
            "quantity": (bought["need"].to_numpy() * rng.uniform(par("inbound_least"), par("inbound_most"), n)).round(
                _DECIMALS
            ),
        }
    )


def _offers(
    rng: Random, need: pl.DataFrame, made: pl.DataFrame, outside: list[str], weeks: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Two to four offers a material; of scarce materials all offers together fall short of the need."""
    tanner = made.filter(pl.col("role") == "tannery")["firm"].to_list()
    trader = made.filter(pl.col("role") == "supplier")["firm"].to_list()
    offers: list[dict[str, object]] = []
    breaks: list[dict[str, object]] = []
    for row in need.iter_rows(named=True):
        sellers = (tanner if row["kind"] == "leather" and tanner else trader) + outside
        count = min(int(rng.integers(2, 5)), len(sellers))
        chosen = [sellers[int(i)] for i in rng.permutation(len(sellers))[:count]]
        whole = par("supply_scarce") if row["scarce"] else par("supply_ample")
        share = rng.dirichlet(np.full(count, par("offer_evenness"))) * whole * rng.uniform(0.9, 1.1)
        step = _step(row["need"] * par("offer_step"))
        for seller, part in zip(chosen, share, strict=True):
            offer = f"Q{len(offers) + 1:04d}"
            far = seller in outside
            week = max(step, part * row["need"] / weeks)
            least = max(1, round(par("offer_minimum") * rng.uniform(0.5, 2.0) * row["need"] / step)) * step
            least = min(least, _whole(week, step))
            offers.append(
                {
                    "offer": offer,
                    "supplier": seller,
                    "material": row["material"],
                    "minimum": least,
                    "multiple": step,
                    "lead_days": int(rng.integers(*_lead(row["kind"], far))),
                    "capacity_week": max(least, _whole(week, step)),
                    "break_kind": "part" if rng.random() < par("part_share") else "all",
                }
            )
            breaks += _breaks(rng, offer, row["list_price"], row["need"], week, step, far)
    return pl.DataFrame(offers), pl.DataFrame(breaks)


def _breaks(
    rng: Random, offer: str, price: float, need: float, week: float, step: float, far: bool
) -> list[dict[str, object]]:
    """Prices of an offer: the list price give or take, and lower from two quantities that a week's purchase can reach."""
    base = price * np.exp(rng.normal(0.0, par("offer_sigma"))) * (par("far_price") if far else 1.0)
    found, last = [], -1.0
    for k, reach in enumerate((0.0, par("break_1"), par("break_2"))):
        from_ = _whole(min(reach * week, par("break_most_need") * need), step)
        if from_ > last:
            found.append(
                {"offer": offer, "from_quantity": from_, "price": round(base * (1 - k * par("break_step")), 3)}
            )
            last = from_
    return found


def _lead(kind: str, far: bool) -> tuple[int, int]:
    """Shortest and longest lead time in days."""
    slow = "leather" if kind == "leather" else "other"
    more = int(par("lead_far")) if far else 0
    return int(par(f"lead_{slow}_least")) + more, int(par(f"lead_{slow}_most")) + more


def _step(quantity: float) -> float:
    """Return the round number (1, 2 or 5 times a power of ten, at least 1) not above the quantity."""
    if quantity <= 1:
        return 1.0
    power = 10.0 ** np.floor(np.log10(quantity))
    return float(power * max(k for k in (1, 2, 5) if k * power <= quantity))


def _whole(quantity: float, step: float) -> float:
    return float(np.floor(quantity / step) * step)

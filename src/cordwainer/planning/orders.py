"""Orders as arrays: pairs, price, window, lateness."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import polars as pl

from cordwainer.cluster import Cluster
from cordwainer.core import Period, exact
from cordwainer.planning.problem import Flags, Ints, Small


@dataclass(frozen=True)
class OrderArrays:
    """Per order: pairs, net price in fen, window, lateness, limits.

    ``inside`` says whether the buyer is one of us; ``earliest`` is the first day from which pairs may be made; ``penalty`` is
    that of a pair of any broken order, in fen.
    """

    ids: tuple[str, ...]
    pairs: Ints
    price: Ints
    first: Small
    last: Small
    late_days: Small
    late_fen_week: Ints
    committed: Flags
    theta: Ints
    smallest: Ints
    most_makers: Small
    inside: Flags
    earliest: pl.Series
    penalty: Fraction


def order_arrays(cluster: Cluster, periods: Sequence[Period], frozen_pairs: dict[str, int]) -> OrderArrays:
    """Return the arrays of all orders; pairs in frozen lots are taken off, and an order without any left has no window."""
    rows = cluster["order"].join(
        cluster["purchase_order"].select("po", "buyer", "currency", "tax_included"),
        on="po",
        how="left",
        maintain_order="left",
    )
    penalty = exact(cluster.policy("broken_fen_pair"), 6)
    frozen = np.array([frozen_pairs.get(o, 0) for o in rows["order"]], np.int64)
    committed = rows["committed"].to_numpy() | (frozen > 0)
    pairs = np.maximum(0, rows["pairs"].to_numpy() - frozen)
    first, last = _windows(rows, periods)
    first[pairs == 0], last[pairs == 0] = 0, -1
    home = cluster["firm"].select(buyer="firm", home="district")
    return OrderArrays(
        ids=tuple(rows["order"]),
        pairs=pairs,
        price=_net_prices(cluster, rows),
        first=first,
        last=last,
        late_days=_late_days(rows["due_date"].to_numpy(), periods),
        late_fen_week=rows["late_fen_pair_week"].to_numpy(writable=True),
        committed=committed,
        theta=np.where(committed, -int(1000 * penalty), 0).astype(np.int64),
        smallest=rows["smallest_lot_pairs"].to_numpy(writable=True),
        most_makers=rows["most_makers"].fill_null(0).cast(pl.Int32).to_numpy(writable=True),
        inside=rows.join(home, on="buyer", how="left", maintain_order="left")["home"].is_not_null().to_numpy(),
        earliest=rows["earliest_date"].fill_null(periods[0].start).clip(lower_bound=periods[0].start),
        penalty=penalty,
    )


def _net_prices(cluster: Cluster, rows: pl.DataFrame) -> Ints:
    """Return prices in fen without recoverable tax, rounded down."""
    vat = exact(cluster.policy("vat_share"), 6)
    factor = {
        (currency, taxed): exact(cluster.policy("fx", currency), 6) / (1 + vat if taxed else 1)
        for currency, taxed in rows.select("currency", "tax_included").unique().iter_rows()
    }
    parts = {key: f.as_integer_ratio() for key, f in factor.items()}
    priced = rows.select("price", "currency", "tax_included").iter_rows()
    return np.array([p * parts[c, t][0] // parts[c, t][1] for p, c, t in priced], np.int64)


def _windows(rows: pl.DataFrame, periods: Sequence[Period]) -> tuple[Small, Small]:
    """Return the first period that starts on or after the earliest date, and the last that starts by the latest date."""
    starts = np.array([p.start for p in periods], "datetime64[D]")
    first, last = np.zeros(len(rows), np.int32), np.full(len(rows), len(periods) - 1, np.int32)
    earliest, latest = rows["earliest_date"], rows["latest_date"]
    early, late = earliest.is_not_null().to_numpy(), latest.is_not_null().to_numpy()
    first[early] = np.searchsorted(starts, earliest.drop_nulls().to_numpy(), side="left")
    last[late] = np.searchsorted(starts, latest.drop_nulls().to_numpy(), side="right") - 1
    return first, last


def _late_days(due: npt.NDArray[np.datetime64], periods: Sequence[Period]) -> Small:
    """Return by how many days the end of each period lies after that of the period that holds the due date, orders x T."""
    starts = np.array([p.start for p in periods], "datetime64[D]")
    ends = np.array([p.end for p in periods], "datetime64[D]")
    holding = np.searchsorted(starts, due, side="right") - 1
    due_end = np.where(holding < 0, starts[0] - 1, ends[holding])
    days = np.maximum(0, (ends - due_end[:, None]).astype(np.int32))
    return np.where((due <= ends[-1])[:, None], days, 0).astype(np.int32)

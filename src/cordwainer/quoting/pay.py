"""What the work of an offer pays each of its makers, at their own asks, before any overtime premium."""

from __future__ import annotations

import polars as pl

from cordwainer.core import ceil_div
from cordwainer.quoting.desk import Desk
from cordwainer.quoting.offers import Offer, lots_on
from cordwainer.quoting.tables import lot_names

_SCHEMA = {
    "lot": pl.String,
    "stage": pl.String,
    "line": pl.String,
    "firm": pl.String,
    "pairs": pl.Int64,
    "start": pl.Date,
    "end": pl.Date,
    "fen": pl.Int64,
}


def pay_of(desk: Desk, offer: Offer) -> pl.DataFrame:
    """Return lot, stage, line, firm, pairs, first and last day of a period with work (start, end) and fen of an offer's work.

    Labour is rounded up by line and period as the referee rounds it (plan model, section 6). Empty where a line of the offer
    is gone.
    """
    g, live = desk.live.ground, desk.live
    asked = desk.quoter.asked_again(offer)
    lots = lots_on(live, asked, offer)
    ends = {p.start: p.end for p in g.periods}
    stages, net, rows = asked.recipe.stages, asked.net, []
    for name, lot, told in zip(lot_names(offer), lots or (), offer.lots, strict=False):
        for s, line in enumerate(lot.lines):
            candidates = asked.stages[s].line.tolist()
            if line not in candidates:
                return pl.DataFrame(schema=_SCHEMA)
            at = int(net.cand_ptr[s]) + candidates.index(line)
            done = [n for k, _, n in lot.work if k == s]
            days = [day for stage, day, _ in told.work if stage == stages[s]]
            fen = sum(ceil_div(int(n * net.cand_m[at] * net.ask[line]), 60_000_000) for n in done)
            fen += sum(done) * int(asked.piece[at])
            last = ends.get(max(days), max(days)) if days else None
            first = min(days, default=None)
            rows.append((name, stages[s], g.lines.ids[line], g.firms[g.lines.firm[line]], sum(done), first, last, fen))
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")

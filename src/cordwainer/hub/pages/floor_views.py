"""Tables of the floor as people read and export them: what is late, progress, handovers, claims, statements."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

import polars as pl

from cordwainer.core import Text
from cordwainer.exchange import View, column
from cordwainer.hub.access import handings, progress, statements
from cordwainer.hub.access.viewer import Viewer
from cordwainer.hub.web.texts import text

Names = Mapping[str, str]
"""Name of each firm in the language of the visit."""
_PAIRS = ("order", "pairs")


def named(names: Names, firm: str) -> str:
    """Return the name of a firm; the desk's for the empty one is not known here, so a dash."""
    return names.get(firm, firm) or "–"


def _state(told: Text) -> dict[str, str]:
    return {"state_en": told.en, "state_zh": told.zh}


def late_view(viewer: Viewer, day: date, names: Names) -> View:
    """Return what is late on a day, the most days first."""
    rows = [{**r, "firm": named(names, r["firm"])} for r in progress.late(viewer, day)]
    schema: dict[str, Any] = dict.fromkeys(("order", "lot", "stage", "milestone", "firm"), pl.String)
    schema |= {"due": pl.Date, "days": pl.Int64, "behind": pl.Int64}
    columns = (
        column("order", "id", ("order", "order")),
        column("milestone", "choice", ("order_milestone", "kind"), "milestone"),
        column("lot", "id", ("lot", "lot")),
        column("stage", "choice", ("lot_line", "stage"), "stage"),
        column("firm", "id", text("by_whom")),
        column("due", "date", text("due_on")),
        column("days", "int", text("days_late")),
        column("behind", "int", text("pairs_behind")),
    )
    frame = pl.DataFrame(rows, schema=schema).sort("days", "order", descending=[True, False])
    return View("late", text("late"), columns, frame)


def progress_view(viewer: Viewer, day: date, names: Names, order: str = "") -> View:
    """Return how far the stages of lots are."""
    keys = ("order", "lot", "stage", "firm", "pairs", "planned", "done", "seconds", "rework", "last_day")
    rows = [
        {k: getattr(s, k) for k in keys} | {"firm": named(names, s.firm)} for s in progress.steps(viewer, day, order)
    ]
    schema: dict[str, Any] = dict.fromkeys(keys, pl.Int64) | dict.fromkeys(keys[:4], pl.String) | {"last_day": pl.Date}
    columns = (
        column("order", "id", ("order", "order")),
        column("lot", "id", ("lot", "lot")),
        column("stage", "choice", ("lot_line", "stage"), "stage"),
        column("firm", "id", text("by_whom")),
        column("pairs", "int", _PAIRS),
        column("planned", "int", text("planned_by_now")),
        column("done", "int", text("done_pairs")),
        column("seconds", "int", ("progress", "seconds")),
        column("rework", "int", ("progress", "rework")),
        column("last_day", "date", text("done_by")),
    )
    return View("progress", text("floor_progress"), columns, pl.DataFrame(rows, schema=schema))


def handovers_view(viewer: Viewer, names: Names, order: str = "") -> View:
    """Return handovers with what was given and found."""
    rows = [
        {"handover": h.name, "order": h.order, "lot": h.lot, "stage": h.stage, "on": h.on, "number": str(h.number)}
        | {"giver": named(names, h.giver), "receiver": named(names, h.receiver), "received_on": h.received_on}
        | {"given": sum(c.good for c in h.given), "found": None if h.received is None else h.good}
        | {"seconds": sum(c.seconds for c in h.received or h.given)}
        | _state(text(f"handover_{h.state}"))
        for h in handings.handovers(viewer)
        if not order or h.order == order
    ]
    names_ = ("handover", "order", "lot", "stage", "giver", "receiver", "state_en", "state_zh", "number")
    schema: dict[str, Any] = dict.fromkeys(names_, pl.String) | {"on": pl.Date, "received_on": pl.Date}
    schema |= dict.fromkeys(("given", "found", "seconds"), pl.Int64)
    columns = (
        column("handover", "id", ("handover", "handover")),
        column("state", "both", text("state")),
        column("lot", "id", ("lot", "lot")),
        column("stage", "choice", ("lot_line", "stage"), "stage"),
        column("giver", "id", ("handover", "giver")),
        column("receiver", "id", ("handover", "receiver")),
        column("on", "date", ("handover", "date")),
        column("given", "int", text("given_good")),
        column("found", "int", text("found_good")),
        column("seconds", "int", ("progress", "seconds")),
        column("received_on", "date", text("received_on")),
    )
    return View("handovers", text("handovers"), columns, pl.DataFrame(rows, schema=schema))


def claims_view(viewer: Viewer, day: date, names: Names) -> View:
    """Return claims: pairs, money, who answers by when, how they stand."""
    rows: list[dict[str, Any]] = [
        {"claim": f"C{c.number}", "handover": f"H{c.handover}", "lot": c.lot, "stage": c.stage, "number": str(c.number)}
        | {"receiver": named(names, c.receiver), "giver": named(names, c.giver), "pairs": c.pairs, "fen": c.fen}
        | {
            "until": c.until,
            "settled": c.settled_fen,
            **_state(text(f"claim_{'late' if c.is_late(day) else c.status}")),
        }
        for c in handings.claims(viewer)
    ]
    keys = ("claim", "handover", "lot", "stage", "receiver", "giver", "state_en", "state_zh", "number")
    schema: dict[str, Any] = dict.fromkeys(keys, pl.String) | {"until": pl.Date}
    schema |= dict.fromkeys(("pairs", "fen", "settled"), pl.Int64)
    columns = (
        column("claim", "id", ("claim", "claim")),
        column("handover", "id", ("handover", "handover")),
        column("lot", "id", ("lot", "lot")),
        column("stage", "choice", ("lot_line", "stage"), "stage"),
        column("receiver", "id", text("claimant")),
        column("giver", "id", ("claim", "answer_by")),
        column("pairs", "int", ("claim", "pairs")),
        column("fen", "yuan", text("claimed_yuan")),
        column("until", "date", text("answer_until")),
        column("state", "both", text("state")),
        column("settled", "yuan", text("settled_yuan")),
    )
    return View("claims", text("all_claims"), columns, pl.DataFrame(rows, schema=schema))


def statements_view(viewer: Viewer, day: date, names: Names, desk: str) -> View:
    """Return monthly statements: due, paid, open, days outstanding, the day on which 60 days are over; ``desk`` is its name."""
    rows = [
        {"statement": s.name, "month": f"{s.between.month:%Y-%m}", "currency": s.between.currency}
        | {"payer": named(names, s.between.payer) if s.between.payer else desk}
        | {"payee": named(names, s.between.payee) if s.between.payee else desk}
        | {k: getattr(s, k) for k in ("amount", "paid", "open", "due", "days", "mark")}
        | _state(text(f"statement_{s.state}"))
        for s in statements.statements(viewer, day)
    ]
    keys = ("statement", "month", "payer", "payee", "currency", "state_en", "state_zh")
    schema: dict[str, Any] = dict.fromkeys(keys, pl.String) | {"due": pl.Date, "mark": pl.Date}
    schema |= dict.fromkeys(("amount", "paid", "open", "days"), pl.Int64)
    columns = (
        column("statement", "id", ("statement", "statement")),
        column("month", "id", ("statement", "month")),
        column("payer", "id", ("statement", "payer")),
        column("payee", "id", ("statement", "payee")),
        column("currency", "choice", ("purchase_order", "currency"), "currency"),
        column("amount", "yuan", text("amount_due")),
        column("paid", "yuan", text("amount_paid")),
        column("open", "yuan", text("amount_open")),
        column("due", "date", text("due_on")),
        column("days", "int", text("days_out")),
        column("mark", "date", text("mark60")),
        column("state", "both", text("state")),
    )
    return View("statements", text("statements"), columns, pl.DataFrame(rows, schema=schema))


def lines_view(s: statements.Statement) -> View:
    """Return the lines of a statement."""
    rows = [
        {k: getattr(x, k) for k in ("ref", "on", "lot", "pairs", "amount", "due")}
        | {"stages": " ".join(x.stages)}
        | {f"kind_{w}": text(f"due_{x.kind}").in_(w) for w in ("en", "zh")}
        for x in s.lines
    ]
    schema: dict[str, Any] = dict.fromkeys(("ref", "lot", "stages", "kind_en", "kind_zh"), pl.String)
    schema |= {"on": pl.Date, "due": pl.Date, "pairs": pl.Int64, "amount": pl.Int64}
    columns = (
        column("on", "date", ("handover", "date")),
        column("kind", "both", text("due_for")),
        column("ref", "id", text("due_ref")),
        column("lot", "id", ("lot", "lot")),
        column("pairs", "int", _PAIRS),
        column("amount", "yuan", text("amount_due")),
        column("due", "date", text("due_on")),
    )
    return View("lines", Text(s.name, s.name), columns, pl.DataFrame(rows, schema=schema))


Maker = Callable[[Viewer, date, Names, str], View]
SHEETS: Mapping[str, Maker] = MappingProxyType(
    {
        "late": lambda viewer, day, names, _: late_view(viewer, day, names),
        "progress": lambda viewer, day, names, _: progress_view(viewer, day, names),
        "handovers": lambda viewer, _, names, __: handovers_view(viewer, names),
        "claims": lambda viewer, day, names, _: claims_view(viewer, day, names),
        "statements": statements_view,
    }
)
"""Tables that can be taken home as a workbook."""

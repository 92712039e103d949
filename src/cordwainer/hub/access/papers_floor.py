"""Delivery notes and statements as their two sides and the planner may read them."""

from __future__ import annotations

from datetime import date

import polars as pl

from cordwainer.cluster import dictionary
from cordwainer.core import Text
from cordwainer.exchange import Paper, PaperTable, Party, View, column, in_capitals
from cordwainer.hub.access import handings, statements
from cordwainer.hub.access.gate import Gate
from cordwainer.hub.access.papers import DESK, facts_of, in_currency, label_of, money_of, party, plain
from cordwainer.hub.store.floor import UNSIZED
from cordwainer.hub.web.texts import text

_STAGES = dictionary.choices()["stage"]
_COUNTS = ("good", "second", "missing")


def delivery(gate: Gate, number: int, address: str) -> Paper | None:
    """Return the note that goes with a handover: for giver, receiver and planner. No price stands on it.

    What the receiver found stands beside what the giver says once it is confirmed; until then its columns are blank, to be filled in by hand.
    """
    h = handings.handover(gate.viewer, number)
    if h is None:
        return None
    given, found = ({c.size: (c.good, c.seconds, c.missing) for c in side or ()} for side in (h.given, h.received))
    blank = (None,) * len(_COUNTS)
    rows: dict[str, list[str | int | None]] = {"size": list(h.sizes)}
    for k, name in enumerate(_COUNTS):
        rows[name] = [given.get(s, blank)[k] for s in h.sizes]
        rows[f"found_{name}"] = [found.get(s, blank)[k] for s in h.sizes]
    whole = text("paper_all_sizes")
    frame = pl.DataFrame(rows).with_columns(
        size_en=pl.col("size").replace(UNSIZED, whole.en), size_zh=pl.col("size").replace(UNSIZED, whole.zh)
    )
    counted = h.received is not None
    if not counted:
        frame = frame.with_columns(pl.lit("").alias(f"found_{name}") for name in _COUNTS)
    columns = (
        column("size", "both", label_of("order_size", "size")),
        *(column(name, "int", text(f"paper_given_{name}")) for name in _COUNTS),
        *(column(f"found_{name}", "int" if counted else "text", text(f"paper_found_{name}")) for name in _COUNTS),
    )
    summed = [c.name for c in columns[1:] if c.kind == "int"]
    said = [(text("paper_giver_says"), h.given_note), (text("paper_receiver_says"), h.received_note)]
    return Paper(
        kind="delivery",
        title=text("paper_delivery"),
        number=h.name,
        day=h.on,
        parties=(party(gate, "paper_giver", h.giver), party(gate, "paper_receiver", h.receiver)),
        facts=facts_of(
            (label_of("order", "order"), plain(h.order)),
            (label_of("lot", "lot"), plain(h.lot)),
            (label_of("lot_line", "stage"), _STAGES[h.stage]),
            (text("paper_lot_pairs"), text("paper_pairs", pairs=f"{h.lot_pairs:,}")),
            (text("paper_found_on"), plain(h.received_on) if h.received_on else None),
        ),
        tables=(
            PaperTable(View("counts", text("paper_counted"), columns, frame), {c: frame[c].sum() for c in summed}),
        ),
        notes=(
            *(Text(f"{a.en}: {b}", f"{a.zh}：{b}") for a, b in said if b),
            text("paper_both_count"),
            text("paper_look"),
        ),
        signs=(text("paper_giver"), text("paper_receiver")),
        address=address,
    )


def statement(gate: Gate, name: str, day: date, address: str) -> Paper | None:
    """Return a monthly statement as it stands on a day: for payer, payee and planner."""
    s = statements.statement(gate.viewer, name, day)
    if s is None:
        return None
    currency = s.between.currency
    lines = pl.DataFrame(
        [
            {"on": x.on, "kind_en": text(f"due_{x.kind}").en, "kind_zh": text(f"due_{x.kind}").zh, "ref": x.ref}
            | {"order": x.order, "lot": x.lot, "pairs": x.pairs, "amount": x.amount}
            | {"stages_en": _stages(x.stages).en, "stages_zh": _stages(x.stages).zh}
            for x in s.lines
        ],
        schema_overrides={"amount": pl.Int64, "on": pl.Date},
    )
    columns = (
        column("on", "date", text("paper_date")),
        column("kind", "both", text("due_for")),
        column("ref", "id", text("due_ref")),
        column("order", "id", label_of("order", "order")),
        column("lot", "id", label_of("lot", "lot")),
        column("stages", "both", label_of("lot_line", "stage")),
        column("pairs", "int", label_of("order", "pairs")),
        column("amount", "money", in_currency("paper_amount", currency)),
    )
    tables = [PaperTable(View("lines", text("paper_due_lines"), columns, lines), {"amount": s.amount})]
    if s.payments:
        paid = pl.DataFrame(
            [{"on": p.on, "note": p.note, "amount": p.amount} for p in s.payments], schema_overrides={"on": pl.Date}
        )
        of_payments = (
            column("on", "date", text("paper_date")),
            column("note", "text", text("paper_note")),
            column("amount", "money", in_currency("paper_amount", currency)),
        )
        tables.append(PaperTable(View("paid", text("paper_paid_lines"), of_payments, paid), {"amount": s.paid}))
    return Paper(
        kind="statement",
        title=text("paper_statement"),
        number=s.name,
        day=day,
        parties=(_side(gate, "paper_payer", s.between.payer), _side(gate, "paper_payee", s.between.payee)),
        facts=facts_of(
            (text("paper_month"), plain(f"{s.between.month:%Y-%m}")),
            (text("paper_due_by"), plain(s.due) if s.due else None),
            (text("paper_days"), plain(s.days) if s.days is not None else None),
            (text("paper_mark"), plain(s.mark) if s.mark else None),
        ),
        tables=tuple(tables),
        sums=_sums(s),
        notes=(text("paper_reply"), text("paper_look")),
        signs=(text("paper_payer"), text("paper_payee")),
        address=address,
    )


def _stages(stages: tuple[str, ...]) -> Text:
    names = [_STAGES[s] for s in stages]
    return Text(", ".join(n.en for n in names), "、".join(n.zh for n in names))


def _side(gate: Gate, role: str, firm: str) -> Party:
    """Return one side of a statement; the firm with the empty name is the desk."""
    return party(gate, role, firm) if firm else Party(text(role), DESK.name, "")


def _sums(s: statements.Statement) -> tuple[tuple[Text, Text], ...]:
    """Return due, paid and open of a statement, what is open in capitals too; none where an amount is unknown."""
    if s.amount is None or s.open is None:
        return ((text("paper_sum"), text("paper_unknown")),)
    known = [("paper_due", s.amount), ("paper_paid", s.paid), ("paper_open", s.open)]
    found = tuple((text(key), money_of(value, s.between.currency)) for key, value in known)
    return (*found, (text("paper_capitals"), plain(in_capitals(s.open)))) if s.between.currency == "CNY" else found

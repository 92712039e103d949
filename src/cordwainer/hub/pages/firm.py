"""The pages of firms, phone first: today, offers, weeks of the lines, money, own data, consents, the six answers."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
from django.http import Http404
from django.shortcuts import redirect

from cordwainer.cluster import Plan, dictionary
from cordwainer.core import Language, Text, UserError
from cordwainer.exchange import View, column, line_view
from cordwainer.hub.access import records
from cordwainer.hub.access.gate import Gate
from cordwainer.hub.access.viewer import FIRMS, OFFICES
from cordwainer.hub.acts.consent import FAMILIES, consent
from cordwainer.hub.acts.lines import SixAnswers, state_line
from cordwainer.hub.acts.reply import answer
from cordwainer.hub.pages import world
from cordwainer.hub.pages.plan import workbook
from cordwainer.hub.store.plans import published
from cordwainer.hub.web.listing import Listing
from cordwainer.hub.web.page import page, shown
from cordwainer.hub.web.visit import today

_MAKERS = ("maker",)


def offers_of(gate: Gate) -> pl.DataFrame:
    """Return the firm's parts of lots on offer or answered: one row for each lot and stage, the soonest first.

    Columns: lot, stage, line, order, status, until, lot_pairs, style with construction and category, start, end, pairs and
    fen (null where the plan in which it was offered is no longer the published one).
    """
    cluster, run = gate.cluster, published()
    work = (
        cluster["promise_work"]
        .group_by("lot", "stage")
        .agg(start=pl.col("start_date").min(), end=pl.col("start_date").max(), pairs=pl.col("pairs").sum())
    )
    paid = records.pay(gate.viewer, run) if run else None
    mine = gate.own("promise_line").filter(pl.col("line").is_in(gate.own("line")["line"].to_list()))
    rows = (
        mine.join(cluster["promise"].rename({"pairs": "lot_pairs"}), on="lot")
        .join(work, on=["lot", "stage"], how="left")
        .join(cluster["order"].select("order", "style", "due_date"), on="order", how="left")
        .join(
            cluster["style"].select("style", "name_en", "name_zh", "construction", "category"), on="style", how="left"
        )
    )
    if paid is None:
        rows = rows.with_columns(fen=pl.lit(None, pl.Int64))
    else:
        rows = rows.join(paid.select("lot", "stage", "fen"), on=["lot", "stage"], how="left")
    rank = {name: k for k, name in enumerate(dictionary.choices()["stage"])}
    return rows.sort("start", "lot", pl.col("stage").replace_strict(rank, return_dtype=pl.Int64), nulls_last=True)


def _lots(rows: pl.DataFrame, language: Language) -> list[dict[str, Any]]:
    """Return offers as cards: one for each lot, its stages within."""
    choices, cards = dictionary.choices(), []
    for (lot,), part in rows.group_by("lot", maintain_order=True):
        first = part.row(0, named=True)
        kind = [choices[c][first[c]].in_(language) for c in ("construction", "category") if first[c]]
        fen = part["fen"].sum() if part["fen"].null_count() == 0 else None
        cards.append(
            {
                **first,
                "lot": lot,
                "kind": " · ".join(kind),
                "stages": [choices["stage"][s].in_(language) for s in part["stage"]],
                "parts": part.to_dicts(),
                "begins": part["start"].min(),
                "ends": part["end"].max(),
                "fen": fen,
                "said": choices["promise_status"][first["status"]].in_(language),
            }
        )
    return cards


def _frame(request: Any) -> dict[str, Any]:  # noqa: ANN401 (Django carries no types)
    """Return what every page of a firm shows."""
    visit = request.visit
    cluster = world.gate_of(request).rows("firm").filter(firm=visit.viewer.firm)
    name = world.named(cluster, "firm", visit.language).get(visit.viewer.firm, visit.viewer.firm)
    return {"firm_name": name, "today": today()}


@page(*FIRMS)
def home(request: Any) -> Any:  # noqa: ANN401
    """Show what waits for an answer and what is worked on this week; for buyers, their orders."""
    gate, language = world.gate_of(request), request.visit.language
    if request.visit.viewer.role == "buyer":
        return shown(
            request, "firm/buyer.html", orders=Listing(orders_of(gate), request.GET.dict(), language), **_frame(request)
        )
    if request.visit.viewer.role == "supplier":
        return redirect("data")
    rows = offers_of(gate)
    day = today()
    now = rows.filter((pl.col("status") == "accepted") & (pl.col("end") >= _monday(day)))
    return shown(
        request,
        "firm/today.html",
        waiting=_waiting(gate, _lots(rows.filter(status="offered"), language), day),
        working=_lots(now, language)[:10],
        lines=_line_cards(gate, language),
        **_frame(request),
    )


def _monday(day: date) -> date:
    return date.fromordinal(day.toordinal() - day.weekday())


def _waiting(gate: Gate, cards: list[dict[str, Any]], day: date) -> list[dict[str, Any]]:
    """Return the offers that wait for the firm's answer."""
    run = published()
    if run is None:
        return []
    answered = set(records.replies(gate.viewer, run)["lot"])
    return [c for c in cards if c["status"] == "offered" and (c["until"] or day) >= day and c["lot"] not in answered]


def _line_cards(gate: Gate, language: Language) -> list[dict[str, Any]]:
    """Return the firm's lines with what it states of them last."""
    statements = gate.own("line_statement").sort("valid_from").unique("line", keep="last")
    rows = gate.own("line").select("line", "stage").join(statements, on="line", how="left").sort("line")
    stages = dictionary.choices()["stage"]
    return [{**r, "stage_said": stages[r["stage"]].in_(language)} for r in rows.iter_rows(named=True)]


def orders_of(gate: Gate) -> View:
    """Return a buyer's orders and what is promised of them."""
    promised = (
        gate.cluster["promise"]
        .filter(pl.col("status").is_in(["offered", "accepted"]))
        .group_by("order")
        .agg(
            offered=pl.col("pairs").filter(pl.col("status") == "offered").sum(),
            accepted=pl.col("pairs").filter(pl.col("status") == "accepted").sum(),
        )
    )
    rows = (
        gate.own("order")
        .join(promised, on="order", how="left")
        .join(gate.cluster["style"].select("style", "construction", "category"), on="style", how="left")
        .with_columns(pl.col("offered", "accepted").fill_null(0))
        .sort("due_date", "order")
    )
    columns = (
        column("order", "id", ("order", "order")),
        column("style", "id", ("order", "style")),
        column("construction", "choice", ("style", "construction"), "construction"),
        column("category", "choice", ("style", "category"), "category"),
        column("pairs", "int", ("order", "pairs")),
        column("accepted", "int", Text("Promised (pairs)", "已承诺双数")),
        column("offered", "int", Text("Being asked (pairs)", "询问中双数")),
        column("due_date", "date", ("order", "due_date")),
    )
    return View("orders", Text("My orders", "我的订单"), columns, rows)


@page(*_MAKERS)
def offers(request: Any) -> Any:  # noqa: ANN401
    """List the lots on offer to the firm, and those it answered."""
    gate, language, day = world.gate_of(request), request.visit.language, today()
    cards = _lots(offers_of(gate), language)
    waiting = _waiting(gate, cards, day)
    names = {c["lot"] for c in waiting}
    return shown(
        request,
        "firm/offers.html",
        waiting=waiting,
        others=[c for c in cards if c["lot"] not in names],
        **_frame(request),
    )


@page(*_MAKERS, methods=("GET", "POST"))
def offer(request: Any, lot: str) -> Any:  # noqa: ANN401
    """Show one offer, and take the answer to it."""
    gate, run, day = world.gate_of(request), published(), today()
    card = next((c for c in _lots(offers_of(gate).filter(lot=lot), request.visit.language)), None)
    if card is None or run is None:
        raise Http404
    if request.method == "POST":
        answer(request.visit.account, run, lot, request.POST.get("answer", ""), request.POST.get("reason", ""), day)
        return redirect("offer", lot)
    replies = records.replies(gate.viewer, run).filter(lot=lot)["answer"].to_list()
    return shown(
        request,
        "firm/offer.html",
        card=card,
        reply=replies[0] if replies else "",
        open=bool(_waiting(gate, [card], day)),
        **_frame(request),
    )


@page(*_MAKERS)
def weeks(request: Any) -> Any:  # noqa: ANN401
    """Show the weeks of each of the firm's lines in the published plan."""
    gate, language = world.gate_of(request), request.visit.language
    lines = []
    if gate.plan is not None:
        lines = [
            {**card, "weeks": Listing(line_view(gate.cluster, _plan(gate), card["line"]), {}, language)}
            for card in _line_cards(gate, language)
        ]
    return shown(request, "firm/weeks.html", lines=lines, **_frame(request))


def _plan(gate: Gate) -> Plan:
    if gate.plan is None:
        raise Http404
    return gate.plan


@page(*_MAKERS)
def money(request: Any) -> Any:  # noqa: ANN401
    """Show what accepted work pays, statements and payments."""
    gate, language = world.gate_of(request), request.visit.language
    rows = offers_of(gate).filter(status="accepted")
    columns = (
        column("lot", "id", ("lot", "lot")),
        column("stage", "choice", ("lot_line", "stage"), "stage"),
        column("end", "date", Text("Last week from", "最后一周")),
        column("pairs", "int", ("order", "pairs")),
        column("fen", "yuan", Text("Pay (yuan)", "加工费（元）")),
    )
    return shown(
        request,
        "firm/money.html",
        accepted=Listing(View("accepted", Text("Accepted work", "已接的活"), columns, rows), {}, language),
        total=rows["fen"].sum() if rows["fen"].null_count() == 0 else None,
        statements=Listing(table_view("statement", gate.own("statement")), {}, language),
        payments=Listing(table_view("payment", gate.own("payment")), {}, language),
        **_frame(request),
    )


def table_view(table: str, frame: pl.DataFrame) -> View:
    """Return a table of the dictionary as people read it."""
    spec = dictionary.tables()[table]
    kinds: dict[str, Any] = {"fen": "yuan"}
    columns = tuple(column(c.name, kinds.get(c.type, c.type), c.label, c.choice) for c in spec.columns)
    return View(table, spec.label, columns, frame)


@page(*FIRMS)
def data(request: Any) -> Any:  # noqa: ANN401
    """Show every row that the hub holds of the firm."""
    gate, language = world.gate_of(request), request.visit.language
    tables = [(t.name, gate.own(t.name)) for t in dictionary.cluster_tables()]
    shown_tables = [Listing(table_view(n, f), request.GET.dict() | {"q": ""}, language) for n, f in tables if f.height]
    return shown(request, "firm/data.html", tables=shown_tables, **_frame(request))


@page(*FIRMS)
def data_export(request: Any, table: str) -> Any:  # noqa: ANN401
    """Send the firm's own rows of a table as a workbook."""
    if table not in {t.name for t in dictionary.cluster_tables()}:
        raise Http404
    view = table_view(table, world.gate_of(request).own(table))
    return workbook(view, table, request.visit.language)


@page(*FIRMS, methods=("GET", "POST"))
def consents(request: Any) -> Any:  # noqa: ANN401
    """Show what offices may read of the firm, and let it give and take back."""
    if request.method == "POST":
        role, _, family = request.POST.get("what", "").partition(".")
        consent(request.visit.account, role, family, today(), given=request.POST.get("given") == "1")
        return redirect("consents")
    given = {(c.role, c.family): c.given_on for c in records.consents(request.visit.viewer, today())}
    rows = [(role, family, given.get((role, family))) for role in OFFICES for family in FAMILIES]
    return shown(request, "firm/consents.html", rows=rows, **_frame(request))


def _whole(said: str) -> int:
    return int(said) if said.isdecimal() else -1


def _number(said: str) -> float:
    return float(said) if said.replace(".", "", 1).isdecimal() else -1.0


def six_answers(form: Any) -> SixAnswers:  # noqa: ANN401
    """Return the six answers as a form gives them.

    Raises
    ------
    UserError
        If a number is missing or no number.
    """
    said = SixAnswers(
        stage=form.get("stage", ""),
        people=_whole(form.get("people", "")),
        hours_day=round(_number(form.get("hours", "")), 1),
        kinds=tuple((a, b) for a, _, b in (k.partition(".") for k in form.getlist("kind"))),
        pairs_day=_whole(form.get("pairs", "")),
        fen_pair=round(_number(form.get("yuan", "")) * 100),
    )
    if min(said.people, said.hours_day, said.pairs_day, said.fen_pair) < 0:
        raise UserError(
            "no-number",
            Text("A number is missing or cannot be read.", "有数字没填或无法识别。"),
            Text("Fill in people, hours, pairs and yuan.", "请填写人数、工时、双数和单价。"),
        )
    return said


@page(*_MAKERS, methods=("GET", "POST"))
def line(request: Any, line: str = "") -> Any:  # noqa: ANN401
    """Ask the six questions about a new line or one there is, and take the answers."""
    gate, language = world.gate_of(request), request.visit.language
    known = next((c for c in _line_cards(gate, language) if c["line"] == line), None)
    if line and known is None:
        raise Http404
    if request.method == "POST":
        state_line(request.visit.account, six_answers(request.POST), today(), line)
        return redirect("firm")
    makes = gate.own("line_makes").filter(line=line)
    return shown(
        request,
        "firm/line.html",
        line=line,
        known=known or {},
        kinds={f"{a}.{b}" for a, b in makes.select("construction", "category").iter_rows()},
        choices={
            n: [(value, label.in_(language)) for value, label in dictionary.choices()[n].items()]
            for n in ("stage", "construction", "category")
        },
        assumed=_assumed(language),
        **_frame(request),
    )


def _assumed(language: Language) -> list[tuple[str, str]]:
    """Return label and default of what a statement holds and nobody asks for."""
    asked = {"line", "valid_from", "people", "hours_day", "reference_construction", "reference_category", "pairs_day"}
    asked |= {"fen_pair", "basis", "confirmed_on", "valid_until"}
    columns = dictionary.tables()["line_statement"].columns
    labels = dictionary.choices()
    return [
        (c.label.in_(language), labels[c.choice][c.default].in_(language) if c.choice else c.default)
        for c in columns
        if c.default and c.name not in asked
    ]

"""The six questions about a line, and what is assumed beside the answers."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import redirect

from cordwainer.cluster import dictionary
from cordwainer.core import Language, Text, UserError
from cordwainer.hub.acts.lines import SixAnswers, state_line
from cordwainer.hub.pages import world
from cordwainer.hub.pages.firm_parts import MAKERS, frame_of, lines_of
from cordwainer.hub.web.page import page, shown
from cordwainer.hub.web.visit import today


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


@page(*MAKERS, methods=("GET", "POST"))
def line(request: Any, line: str = "") -> Any:  # noqa: ANN401
    """Ask the six questions about a new line or one there is, and take the answers."""
    gate, language = world.gate_of(request), request.visit.language
    known = next((c for c in lines_of(gate, language) if c["line"] == line), None)
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
        **frame_of(request),
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

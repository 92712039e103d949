"""Calls that read: tables through the gate, a maker's offers, a brand's enquiries."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Path, Query, Router

from cordwainer.cluster import dictionary
from cordwainer.hub.access import floor, quotes
from cordwainer.hub.access.reach import Reach, reach
from cordwainer.hub.access.viewer import FIRMS, OFFICES
from cordwainer.hub.api.calls import MOST_ROWS, Bearer, found, paged
from cordwainer.hub.api.shapes import FAULTS, AskedPart, Enquiries, EnquiryShape, Me, Offers, Rows, TableShape
from cordwainer.hub.pages import world
from cordwainer.hub.pages.firm_parts import cards_of, offers_of, waiting_of
from cordwainer.hub.web import visit

router = Router()
"""All calls: one path may be read and written."""
Page = Annotated[int, Query(ge=1, le=1_000_000)]
PerPage = Annotated[int, Query(ge=1, le=MOST_ROWS)]
Number = Annotated[int, Path(ge=1, le=2**53)]
ANYBODY = (*FIRMS, "planner", *OFFICES)


@router.get("/me", response={200: Me, **FAULTS}, operation_id="me", auth=Bearer(*ANYBODY))
def me(request: Any) -> Any:  # noqa: ANN401 (Django carries no types)
    """Tell whose token it is."""
    account = request.visit.account
    return {"login": account.login, "role": account.role, "firm": account.firm}


@router.get("/tables", response={200: list[TableShape], **FAULTS}, operation_id="tables", auth=Bearer(*ANYBODY))
def tables(request: Any) -> Any:  # noqa: ANN401
    """List the tables of which the account may read columns, with those columns."""
    viewer = request.visit.viewer
    shown = []
    for spec in dictionary.tables().values():
        if any(reach(viewer, c) is Reach.NONE for c in spec.columns if c.key):
            continue
        columns = [
            {"name": c.name, "label_en": c.label.en, "label_zh": c.label.zh, "type": c.type, "unit": c.unit}
            for c in spec.columns
            if reach(viewer, c) is not Reach.NONE
        ]
        shown.append({"name": spec.name, "label_en": spec.label.en, "label_zh": spec.label.zh, "columns": columns})
    return shown


@router.get("/tables/{name}", response={200: Rows, **FAULTS}, operation_id="rows", auth=Bearer(*ANYBODY))
def rows(request: Any, name: str, page: Page = 1, per_page: PerPage = 100) -> Any:  # noqa: ANN401
    """Return rows of a table of the cluster or of the published plan as the account may see them; other cells are null."""
    gate = world.gate_of(request)
    known = {t.name for t in dictionary.cluster_tables()}
    if gate.plan is not None:
        known |= {t.name for t in dictionary.plan_tables()}
    found(name if name in known else None)
    frame = floor.gate(request.visit.viewer).rows(name) if name in floor.TABLES else gate.rows(name)
    return {
        "total": frame.height,
        "page": page,
        "per_page": per_page,
        "rows": [
            {k: v.isoformat() if hasattr(v, "isoformat") else v for k, v in row.items()}
            for row in frame.slice((page - 1) * per_page, per_page).to_dicts()
        ],
    }


@router.get("/offers", response={200: Offers, **FAULTS}, operation_id="offers", auth=Bearer("maker"))
def offers(request: Any, page: Page = 1, per_page: PerPage = 100) -> Any:  # noqa: ANN401
    """List the parts of the maker in lots on offer or answered, the soonest first."""
    gate = world.gate_of(request)
    cards = cards_of(offers_of(gate), request.visit.language)
    waiting = {c["lot"] for c in waiting_of(gate, cards, visit.today())}
    shown = [
        {
            **{name: c[name] for name in ("lot", "order", "style", "status", "until")},
            "pairs": c["lot_pairs"],
            "open": c["lot"] in waiting,
            "stages": [{n: p[n] for n in ("stage", "line", "pairs", "start", "end", "fen")} for p in c["parts"]],
        }
        for c in cards
    ]
    return paged(shown, page, per_page)


@router.get("/asked", response={200: list[AskedPart], **FAULTS}, operation_id="asked", auth=Bearer("maker"))
def asked(request: Any) -> Any:  # noqa: ANN401
    """List the parts of the maker in options for enquiries, the latest 200."""
    return [
        {
            **{n: getattr(p, n) for n in ("offer", "pairs", "fen", "answer", "status", "answer_by", "open", "stages")},
            "construction": p.kind[0],
            "category": p.kind[1],
        }
        for p in quotes.parts(request.visit.viewer, visit.now())
    ]


@router.get(
    "/enquiries",
    response={200: Enquiries, **FAULTS},
    operation_id="enquiries",
    auth=Bearer("buyer", "planner"),
)
def enquiries(request: Any, page: Page = 1, per_page: PerPage = 20) -> Any:  # noqa: ANN401
    """List enquiries with their options: those of the brand, all of them for the planner."""
    shown = paged(quotes.enquiries(request.visit.viewer), page, per_page)
    return {**shown, "rows": [enquiry_shape(request, e) for e in shown["rows"]]}


@router.get(
    "/enquiries/{number}",
    response={200: EnquiryShape, **FAULTS},
    operation_id="enquiry",
    auth=Bearer("buyer", "planner"),
)
def enquiry(request: Any, number: Number) -> Any:  # noqa: ANN401
    """Return one enquiry with its options, or why nothing fits and what would."""
    return enquiry_shape(request, found(quotes.enquiry(request.visit.viewer, number)))


def enquiry_shape(request: Any, e: quotes.Asked) -> dict[str, Any]:  # noqa: ANN401
    """Return an enquiry as its reader may see it."""
    viewer, language = request.visit.viewer, request.visit.language
    return {
        **{name: getattr(e, name) for name in ("number", "at", "firm", "request", "verdict", "ways")},
        "told": [text.in_(language) for text in e.told],
        "options": [
            {
                **{name: getattr(c, name) for name in ("offer", "status", "until", "answer_by")},
                **{n: c.face[n] for n in ("price", "currency", "ex_factory", "carbon_g_pair", "makers")},
            }
            for c in quotes.choices(viewer, e.number, visit.now())
        ],
    }

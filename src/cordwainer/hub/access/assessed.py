"""What of the assessment a viewer may see: offices all that is official, a firm its own page; both from official data alone.

Everything is worked out of what an office without any consent may read, so that nothing that was entered for trade can show.
"""

from __future__ import annotations

from functools import lru_cache

import polars as pl

from cordwainer.assessment import (
    Evaluation,
    Finding,
    FirmPage,
    Scheme,
    backward,
    backward_frame,
    backward_view,
    count_view,
    evaluate,
    firm_page,
    grade_view,
    read_scheme,
    rule_view,
    scheme_names,
    shared,
    structure,
    structure_view,
)
from cordwainer.cluster import Cluster
from cordwainer.core import UserError
from cordwainer.exchange import View
from cordwainer.hub.access.gate import Gate
from cordwainer.hub.access.viewer import OFFICES, Viewer
from cordwainer.hub.store.gradings import forget_gradings
from cordwainer.hub.store.versions import Stamp, cluster_at, stamp

DEFAULT = "huangyan-2022"
_OFFICIAL = Viewer("officer")
_OF_FIGURES = ("all", "district")
"""Groups of the structure that are measured by official figures; stages and categories are by what firms state for trade."""


def official(whole: Cluster) -> Cluster:
    """Return of a cluster what an office reads without any consent, and which firm stands on which parcel.

    The parcel of a site is official, while the site is entered for trade: of it nothing else is kept.
    """
    shown = Gate(_OFFICIAL, whole).cluster
    blank = [
        pl.lit(None, dtype).alias(c) for c, dtype in whole["site"].schema.items() if c in ("address", "lon", "lat")
    ]
    return Cluster({**shown.frames, "site": whole["site"].drop_nulls("parcel").with_columns(blank)})


@lru_cache(maxsize=8)
def _evaluated(of: Stamp, scheme: str) -> tuple[Cluster, Evaluation] | None:
    cluster = official(cluster_at(of[0]))
    if cluster["figure"].is_empty():
        return None
    return cluster, evaluate(cluster, read_scheme(scheme))


def schemes() -> list[Scheme]:
    """Return the schemes that are shipped, that of the hub first."""
    return [read_scheme(name) for name in sorted(scheme_names(), key=lambda n: (n != DEFAULT, n))]


def known(scheme: str) -> str:
    """Return the name of a scheme that is shipped; the usual one for any other."""
    return scheme if scheme in scheme_names() else DEFAULT


def grades(viewer: Viewer, scheme: str) -> tuple[Evaluation, View, View] | None:
    """Return evaluation, grades by unit and how many of each: for offices; None for others, or without figures."""
    found = _evaluated(stamp(), scheme) if viewer.role in OFFICES else None
    if found is None:
        return None
    cluster, made = found
    return made, grade_view(cluster, made, made.facts.years[-1]), count_view(made, made.facts.years[-1])


def backward_list(viewer: Viewer) -> tuple[View, View] | None:
    """Return the rules of backward capacity and the firms with the evidence: for offices; None for others, or without figures."""
    found = _evaluated(stamp(), DEFAULT) if viewer.role in OFFICES else None
    if found is None:
        return None
    cluster, made = found
    frame = backward_frame(cluster, backward(cluster, made.facts.years[-1], made))
    return rule_view(frame), backward_view(cluster, frame)


def concentration(viewer: Viewer) -> View | None:
    """Return concentration by revenue, of the cluster and its districts: for offices; None for others, or without figures."""
    found = _evaluated(stamp(), DEFAULT) if viewer.role in OFFICES else None
    if found is None:
        return None
    cluster, made = found
    frame = structure(cluster, made.facts.years[-1])
    return structure_view(cluster, frame.filter(frame["by"].is_in(_OF_FIGURES)))


def own_page(viewer: Viewer, scheme: str) -> tuple[FirmPage, list[Finding]] | None:
    """Return the page of the viewer's own firm and what rules find of it; None for others, without figures or where it is not graded."""
    found = _evaluated(stamp(), scheme) if viewer.is_firm else None
    if found is None:
        return None
    cluster, made = found
    year = made.facts.years[-1]
    try:
        page = firm_page(made, viewer.firm, year)
    except UserError:
        return None
    mine = [f for f in backward(cluster, year, made) if f.firm == viewer.firm and f.verdict.value == "fail"]
    return (page if page.unit == viewer.firm else shared(page)), mine


def forget() -> None:
    """Forget what was worked out."""
    _evaluated.cache_clear()
    forget_gradings()

"""How far a viewer may read a column, from its purpose and secrecy: the rules in one table.

=========  ==================  =======================  =========================================
secrecy    firms               planner                  offices (inspector, programme officer)
=========  ==================  =======================  =========================================
public     all                 all                      all; so does the public
members    all                 all                      all
partners   own and partners'   all of trade             all that is official; trade with consent
own        own                 all of trade             all that is official; trade with consent
planner    none                all of trade             none
officer    none                none                     all that is official
=========  ==================  =======================  =========================================

The purpose wall runs both ways: what is official never reaches planner or buyers, and what is entered for trade reaches an
office only where its firm has consented. Whatever is not named here is not shown.
"""

from __future__ import annotations

from enum import Enum

from cordwainer.cluster.dictionary import Column
from cordwainer.hub.access.viewer import OFFICES, Viewer


class Reach(Enum):
    """Rows of which a viewer may read a column."""

    NONE = "none"
    OWN = "own"
    PARTNERS = "partners"
    CONSENTED = "consented"
    ALL = "all"


def reach(viewer: Viewer, column: Column) -> Reach:
    """Return of which rows the viewer may read the column."""
    if column.secrecy == "public":
        return Reach.ALL
    if not viewer.is_member:
        return Reach.NONE
    if column.secrecy == "members":
        return Reach.ALL
    if viewer.role == "planner":
        return Reach.ALL if column.purpose == "trade" and column.secrecy != "officer" else Reach.NONE
    if viewer.role in OFFICES:
        return _of_offices(column)
    if viewer.is_firm:
        return {"own": Reach.OWN, "partners": Reach.PARTNERS}.get(column.secrecy, Reach.NONE)
    return Reach.NONE


def _of_offices(column: Column) -> Reach:
    if column.purpose == "official" and column.secrecy != "planner":
        return Reach.ALL
    if column.purpose == "trade" and column.secrecy in ("own", "partners"):
        return Reach.CONSENTED
    return Reach.NONE
